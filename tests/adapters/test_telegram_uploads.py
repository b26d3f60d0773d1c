"""Pictures that Telegram cannot fetch: uploaded where the operator allows it, through the unmodified client."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from adapters.telegram.picture_size import size_of
from bot.model import Address, Image
from bot.ports import Done, Refused, Sent
from sandbox.pictures import picture
from sandbox.server import Sandbox
from sandbox.telegram.measure import measure

from .contract import NONCE, a_message
from .telegram_answers import answering
from .telegram_stage import TelegramStage, an_adapter, on_stage

NOWHERE = Image("https://pictures.invalid/ferry.jpg", caption="The ferry at dawn")
QUAY = replace(NOWHERE, url="https://pictures.example/quay.jpg")


class Press:
    """Has the pictures that a test gives it."""

    def __init__(self, **given: bytes) -> None:
        self.given = {f"https://pictures.invalid/{name}.jpg": content for name, content in given.items()}
        self.asked: list[tuple[str, int]] = []

    async def picture(self, url: str, most: int) -> bytes | None:
        self.asked.append((url, most))
        content = self.given.get(url)
        return content if content is not None and len(content) <= most else None


@pytest.fixture
def press() -> Press:
    return Press(ferry=picture("ferry"), crew=picture("crew"))


@pytest.fixture
async def stage(sandbox: Sandbox, press: Press) -> AsyncIterator[TelegramStage]:
    async with on_stage(sandbox, pictures=press) as opened:
        yield opened


async def test_a_picture_that_telegram_cannot_fetch_is_uploaded_once_for_all_chats(
    stage: TelegramStage, press: Press
) -> None:
    message = a_message(images=(NOWHERE,))
    for kind in ("private", "channel"):
        address = stage.open_chat(kind)
        assert isinstance(await stage.adapter.send(address, message, 0, NONCE), Done)
        (shown,) = stage.shown(address)
        assert message.headline in shown.text
        assert len(shown.media) == 1
    assert press.asked == [(NOWHERE.url, 10 * 1024 * 1024)]
    named = [call["photo"] for call in stage.requests("sendPhoto")]
    assert named[0] == NOWHERE.url
    assert named[1].startswith("attach://")
    assert "://" not in named[2]


async def test_an_album_is_uploaded_where_one_of_its_pictures_fails(stage: TelegramStage, press: Press) -> None:
    address = stage.open_chat()
    outcome = await stage.adapter.send(address, a_message(images=(QUAY, NOWHERE)), 0, NONCE)
    assert isinstance(outcome, Done)
    assert len(outcome.further) == 1
    assert [url for url, _ in press.asked] == [QUAY.url, NOWHERE.url]
    assert stage.shown(address)[0].media == (QUAY.url,)


async def test_an_edit_uploads_too(stage: TelegramStage) -> None:
    address = stage.open_chat()
    outcome = await stage.adapter.send(address, a_message(images=(QUAY,)), 0, NONCE)
    assert isinstance(outcome, Done)
    sent = Sent(outcome.message_id, "photo", stage.shown(address)[0].sent_at)
    assert isinstance(await stage.adapter.edit(address, sent, a_message(images=(NOWHERE,)), 0), Done)
    assert stage.shown(address)[0].media != (QUAY.url,)


@pytest.mark.parametrize(
    "content",
    [None, b"<html>Not here</html>", b"\x89PNG\r\n\x1a\n", picture("strip", width=2100, height=100), b"x" * 11_000_000],
    ids=["nothing", "a page", "a broken file", "too narrow", "too large"],
)
async def test_what_telegram_would_not_take_is_not_uploaded(
    stage: TelegramStage, press: Press, content: bytes | None
) -> None:
    press.given = {NOWHERE.url: content} if content is not None else {}
    address = stage.open_chat()
    outcome = await stage.adapter.send(address, a_message(images=(NOWHERE,)), 0, NONCE)
    assert isinstance(outcome, Refused)
    assert outcome.about == "message"
    assert len(stage.requests("sendPhoto")) == 1


async def test_nothing_is_fetched_unless_the_operator_allows_it(sandbox: Sandbox) -> None:
    async with on_stage(sandbox) as stage:
        outcome = await stage.adapter.send(stage.open_chat(), a_message(images=(NOWHERE,)), 0, NONCE)
        assert isinstance(outcome, Refused)
        assert len(stage.requests("sendPhoto")) == 1


async def test_an_upload_that_is_refused_too_is_not_tried_again(press: Press) -> None:
    async with answering() as telegram:
        for _ in range(2):
            telegram.error("sendPhoto", 400, "Bad Request: failed to get HTTP URL content")
        adapter = an_adapter(telegram.url, pictures=press)
        await adapter.connect()
        message = a_message(images=(NOWHERE,))
        outcome = await adapter.send(Address("telegram", adapter.bot, "-1001"), message, 0, NONCE)
        await adapter.close()
    assert isinstance(outcome, Refused)
    assert len(telegram.requests("sendPhoto")) == 2


async def test_an_id_that_telegram_has_forgotten_is_forgotten_here_too(stage: TelegramStage, press: Press) -> None:
    address, message = stage.open_chat(), a_message(images=(NOWHERE,))
    for _ in range(2):
        assert isinstance(await stage.adapter.send(address, message, 0, NONCE), Done)
        stage.sandbox.telegram.reset()
        address = stage.open_chat()
    assert len(press.asked) == 2


@pytest.mark.parametrize(
    "content",
    [
        picture("a"),
        picture("b", width=1, height=9),
        b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc4\x00\x04ab\xff\xc0\x00\x11\x08\x00\x20\x00\x30\x03",
        b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0" + b"\x0f\x01\0\x07\x02\0",
        b"RIFF\0\0\0\0WEBPVP8L\x0a\0\0\0\x2f\x0f\xc1\x01\0" + bytes(8),
        b"RIFF\0\0\0\0WEBPVP8 \x0a\0\0\0\0\0\0\x9d\x01\x2a\x40\x01\xf0\x00",
        b"",
        b"\xff\xd8",
        b"RIFF",
        b"GIF8",
    ],
)
def test_sizes_are_read_as_the_platform_reads_them(content: bytes) -> None:
    assert size_of(content) == measure(content)
