"""Several pictures on Telegram: an album, through the unmodified client."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.model import Image
from bot.ports import Done, Refused, Sent
from bot.richtext import RichText
from sandbox.server import Sandbox

from .contract import NONCE, a_message
from .telegram_stage import TelegramStage, an_adapter, on_stage

PICTURE = Image("https://pictures.example/ferry.jpg", caption="The ferry at dawn", credit="Harbour News")
SECOND = replace(PICTURE, url=PICTURE.url.replace("ferry", "quay"), caption="The quay")
THIRD = replace(PICTURE, url=PICTURE.url.replace("ferry", "crew"), caption="The crew")
LONG = RichText("The harbour master spoke for a long time. " * 60)


@pytest.fixture
async def stage(sandbox: Sandbox) -> AsyncIterator[TelegramStage]:
    async with on_stage(sandbox) as opened:
        yield opened


async def test_several_pictures_are_one_album_whose_caption_credits_them_all(stage: TelegramStage) -> None:
    address = stage.open_chat()
    message = a_message(images=(PICTURE, SECOND, THIRD))
    assert stage.adapter.parts(message) == ("album", "album", "album")
    outcome = await stage.adapter.send(address, message, 0, NONCE)
    first, second, third = stage.shown(address)
    assert outcome == Done(first.id, (second.id, third.id))
    assert [shown.media for shown in (first, second, third)] == [(PICTURE.url,), (SECOND.url,), (THIRD.url,)]
    assert all(caption in first.text for caption in ("The ferry at dawn", "The quay", "The crew"))
    assert (second.text, third.text) == ("", "")


async def test_below_a_text_too_long_for_a_caption_the_album_has_none(stage: TelegramStage) -> None:
    address = stage.open_chat("private")
    message = a_message(images=(PICTURE, SECOND), body=LONG)
    assert stage.adapter.parts(message) == ("text", "album", "album")
    for part in (0, 1):
        assert isinstance(await stage.adapter.send(address, message, part, NONCE), Done)
    text, *album = stage.shown(address)
    assert text.text.startswith(message.headline)
    assert [shown.text for shown in album] == ["", ""]


async def test_pictures_and_words_of_an_album_are_corrected_item_by_item(stage: TelegramStage) -> None:
    address = stage.open_chat()
    message = a_message(images=(PICTURE, SECOND))
    outcome = await stage.adapter.send(address, message, 0, NONCE)
    assert isinstance(outcome, Done)
    corrected = a_message(images=(THIRD, SECOND), headline="Corrected")
    for part, id_ in enumerate((outcome.message_id, *outcome.further)):
        shown = stage.shown(address)[part]
        assert isinstance(await stage.adapter.edit(address, Sent(id_, "album", shown.sent_at), corrected, part), Done)
    assert [shown.media for shown in stage.shown(address)] == [(THIRD.url,), (SECOND.url,)]
    assert "Corrected" in stage.shown(address)[0].text


def test_what_an_album_can_become(sandbox: Sandbox) -> None:
    can_edit = an_adapter(sandbox.telegram_url).can_edit
    assert can_edit("album", "photo")
    assert can_edit("album", "")
    assert not can_edit("", "album")
    assert not can_edit("album", "text")


async def test_one_picture_that_telegram_cannot_fetch_refuses_the_whole_album(stage: TelegramStage) -> None:
    address = stage.open_chat()
    nowhere = replace(SECOND, url="https://pictures.invalid/quay.jpg")
    outcome = await stage.adapter.send(address, a_message(images=(PICTURE, nowhere)), 0, NONCE)
    assert isinstance(outcome, Refused)
    assert outcome.about == "message"
    assert stage.shown(address) == []


async def test_a_picture_told_twice_is_shown_once_and_of_many_ten(stage: TelegramStage) -> None:
    same = a_message(images=(PICTURE, replace(PICTURE, caption="Again")))
    assert stage.adapter.parts(same) == ("photo",)
    many = tuple(replace(PICTURE, url=f"{PICTURE.url}?{number}") for number in range(12))
    assert stage.adapter.parts(a_message(images=many)) == ("album",) * 10


async def test_a_long_text_goes_on_in_another_message_where_the_chat_wants_all_of_it(stage: TelegramStage) -> None:
    address = stage.open_chat("private")
    words = " ".join(f"word{number}" for number in range(900))
    message = a_message(body=RichText(words), split=True)
    parts = stage.adapter.parts(message)
    assert parts == ("text", "text")
    for part in range(len(parts)):
        assert isinstance(await stage.adapter.send(address, message, part, NONCE), Done)
    told = " ".join(stage.texts(address))
    assert all(f"word{number}" in told for number in (0, 450, 899))
