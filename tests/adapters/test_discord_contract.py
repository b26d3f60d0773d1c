"""Discord keeps the adapters' promises, and some of its own: the unmodified gateway client against the stand-in."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.model import Image
from bot.ports import Answer, Command, Done, Found, Gone, Incoming, Later, Membership, Refused, Sent
from bot.richtext import RichText
from sandbox.server import Sandbox

from .contract import CORRECTED, NONCE, NetworkContract, a_message, listening, sent, soon
from .discord_stage import DiscordStage, on_stage

PICTURE = Image("https://pictures.example/ferry.jpg", "A ferry", "The ferry at dawn", "Reuters")


@pytest.fixture
async def stage(sandbox: Sandbox) -> AsyncIterator[DiscordStage]:
    async with on_stage(sandbox) as ready:
        yield ready


class TestDiscord(NetworkContract):
    """What every adapter promises."""


class Answering:
    """An inbox that answers every command and keeps what came."""

    def __init__(self, stage: DiscordStage, text: str = "Nothing yet.") -> None:
        self.came: asyncio.Queue[Incoming] = asyncio.Queue()
        self._stage = stage
        self._text = text

    async def __call__(self, incoming: Incoming) -> None:
        self.came.put_nowait(incoming)
        if isinstance(incoming, Command):
            assert await self._stage.adapter.reply(incoming, Answer(RichText(self._text))) == Done()

    async def membership(self, *, present: bool) -> Membership:
        """Return the next Membership that says this."""
        while True:
            incoming = await soon(self.came.get())
            if isinstance(incoming, Membership) and incoming.present is present:
                return incoming


# ── messages ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("kind", ["text", "announcement", "forum", "thread"])
async def test_every_kind_of_channel_takes_sends_edits_pins_and_removals(stage: DiscordStage, kind: str) -> None:
    address = stage.open_chat(kind)
    message = await sent(stage, address)
    assert isinstance(await stage.adapter.edit(address, message, CORRECTED, 0), Done)
    assert isinstance(await stage.adapter.pin(address, message, pinned=True), Done)
    assert isinstance(await stage.adapter.remove(address, message), Done)
    assert stage.texts(address) == []


async def test_pictures_are_shown_with_caption_and_credit(stage: DiscordStage) -> None:
    address = stage.open_chat()
    await sent(stage, address, a_message(images=(PICTURE,)))
    (shown,) = stage.shown(address)
    assert PICTURE.url in shown.media
    assert "📷 The ferry at dawn — Reuters" in shown.text


async def test_an_edit_can_take_a_picture_away_and_bring_another(stage: DiscordStage) -> None:
    address = stage.open_chat()
    message = await sent(stage, address, a_message(images=(PICTURE,)))
    for images in ((), (PICTURE,)):
        assert isinstance(await stage.adapter.edit(address, message, a_message(images=images), 0), Done)
        assert stage.shown(address)[0].media == tuple(image.url for image in images)


async def test_a_silent_message_rings_for_nobody(stage: DiscordStage) -> None:
    address = stage.open_chat()
    await sent(stage, address, a_message(silent=True))
    assert [shown.silent for shown in stage.shown(address)] == [True]


async def test_a_nonce_brings_back_the_older_text_and_the_edit_follows(stage: DiscordStage) -> None:
    address = stage.open_chat()
    first = await stage.adapter.send(address, a_message(), 0, NONCE)
    again = await stage.adapter.send(address, CORRECTED, 0, NONCE)
    assert isinstance(again, Done)
    assert again == first
    edited = await stage.adapter.edit(address, Sent(again.message_id, "embed", datetime.now(UTC)), CORRECTED, 0)
    assert isinstance(edited, Done)
    (text,) = stage.texts(address)
    assert CORRECTED.headline in text


async def test_the_nonce_of_a_message_that_people_removed_is_burnt(stage: DiscordStage) -> None:
    address = stage.open_chat()
    message = await sent(stage, address)
    stage.delete(address, message.message_id)
    assert await stage.adapter.send(address, a_message(), 0, NONCE) == Gone("nonce")


async def test_a_burst_beyond_the_channels_bucket_is_told_to_wait_and_not_held_back(stage: DiscordStage) -> None:
    address, other = stage.open_chat(), stage.open_chat()
    outcomes = [await soon(stage.adapter.send(address, a_message(), 0, f"nonce-{number}")) for number in range(6)]
    assert [type(outcome) for outcome in outcomes] == [Done] * 5 + [Later]
    assert isinstance(await soon(stage.adapter.send(other, a_message(), 0, "nonce-other")), Done)


async def test_history_finds_what_was_sent_by_its_link_and_headline(stage: DiscordStage) -> None:
    address = stage.open_chat()
    message = await sent(stage, address, a_message(headline="*Why* [this]?", breaking=True))
    told = await stage.adapter.history(address, datetime.now(UTC) - timedelta(minutes=1))
    assert isinstance(told, tuple)
    (found,) = told
    assert isinstance(found, Found)
    assert (found.message_id, found.link, found.headline) == (message.message_id, a_message().link, "*Why* [this]?")


async def test_history_before_the_time_asked_for_is_not_told(stage: DiscordStage) -> None:
    address = stage.open_chat()
    await sent(stage, address)
    assert await stage.adapter.history(address, datetime.now(UTC) + timedelta(minutes=1)) == ()


@pytest.mark.parametrize(
    ("rights", "about"),
    [
        (("VIEW_CHANNEL",), "chat"),
        (("VIEW_CHANNEL", "SEND_MESSAGES", "SEND_MESSAGES_IN_THREADS"), "chat"),
        ((), "chat"),
    ],
    ids=["may not write", "may not embed", "may not see"],
)
async def test_a_channel_in_which_the_bot_lacks_a_right_is_held(
    stage: DiscordStage, rights: tuple[str, ...], about: str
) -> None:
    address = stage.open_chat("text", rights)
    outcome = await stage.adapter.send(address, a_message(), 0, NONCE)
    assert isinstance(outcome, Refused)
    assert outcome.about == about


# ── listening ────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_an_answer_is_seen_by_its_sender_only(stage: DiscordStage) -> None:
    address = stage.open_chat("text")
    async with listening(stage.adapter, Answering(stage)):
        assert await soon(stage.ask(address, "/list", admin=False)) == ["Nothing yet."]
    assert stage.texts(address) == []


@pytest.mark.parametrize("kind", ["reconnect", "close"])
async def test_commands_come_in_after_the_gateway_broke(stage: DiscordStage, kind: str) -> None:
    address = stage.open_chat("text")
    async with listening(stage.adapter, Answering(stage)):
        await soon(stage.ask(address, "/list", admin=True))
        stage.fault(kind)
        assert await stage.ask(address, "/list", admin=True) == ["Nothing yet."]


async def test_a_command_names_the_rights_that_the_bot_lacks(stage: DiscordStage) -> None:
    address = stage.open_chat("text", ("VIEW_CHANNEL", "SEND_MESSAGES"))
    inbox = Answering(stage)
    async with listening(stage.adapter, inbox):
        await soon(stage.ask(address, "/list", admin=True))
    commands = [came for came in _all(inbox.came) if isinstance(came, Command)]
    assert [command.missing_rights for command in commands] == [("Embed Links",)]


async def test_being_thrown_out_is_told_with_the_channels_it_concerns(stage: DiscordStage) -> None:
    address = stage.open_chat("text")
    inbox = Answering(stage)
    async with listening(stage.adapter, inbox):
        assert (await inbox.membership(present=True)).chats == (address.chat,)
        stage.fault("403", address)
        await stage.adapter.send(address, a_message(), 0, NONCE)
        assert (await inbox.membership(present=False)).chats == (address.chat,)


async def test_menus_are_registered_as_discord_wants_them(stage: DiscordStage) -> None:
    address = stage.open_chat("text")
    stage.fault("starts", every=0.0)
    for _ in range(2):
        async with listening(stage.adapter, Answering(stage)):
            await soon(stage.ask(address, "/list", admin=True))
    assert len(stage.requests("PUT /applications/{application_id}/commands")) == 1


def _all(queue: asyncio.Queue[Incoming]) -> list[Incoming]:
    return [queue.get_nowait() for _ in range(queue.qsize())]
