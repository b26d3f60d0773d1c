"""What every adapter promises (bot.ports.Adapter), as tests: a platform's test class inherits them and gives a stage.

`AdapterContract` holds for every platform, the terminal included; `NetworkContract` adds what only a platform behind a
network can do to us. A test class provides the fixture `stage`, with the adapter connected.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

import pytest

from bot.message import Message
from bot.model import Address
from bot.ports import (
    Adapter,
    Answer,
    Command,
    CommandSpec,
    Done,
    Failed,
    Found,
    Gone,
    Inbox,
    Incoming,
    Later,
    Option,
    Outcome,
    Refused,
    Sent,
    Unsure,
)
from bot.richtext import RichText, Span

COMMANDS = (
    CommandSpec("list", "Show what this chat follows"),
    CommandSpec("pause", "Stop new entries", (Option("what", "One of the pages, or all"),), changes=True),
)
"""What the adapter of a stage is made with."""

NONCE = "n0n1n2n3n4n5n6n7n8n9n0n1"
PATIENCE = 5.0
"""Seconds after which a test gives up waiting for what must come; what works comes within milliseconds."""


class Stage(Protocol):
    """A platform with our bot on it, seen from its people's side."""

    @property
    def adapter(self) -> Adapter:
        """Our adapter, connected."""

    def open_chat(self) -> Address:
        """Make a chat of several people in which the bot may do everything."""

    def texts(self, address: Address) -> list[str]:
        """Return the bot's messages in the chat as people read them now, without markup, oldest first."""

    def pinned(self, address: Address) -> list[str]:
        """Return those of `texts` that are pinned."""

    async def ask(self, address: Address, text: str, *, admin: bool) -> list[str]:
        """Let a person type `text` in the chat; return what the bot answered, once it has."""


class NetworkStage(Stage, Protocol):
    """A platform behind a network: things go wrong there."""

    def fault(self, kind: str, address: Address, **more: Any) -> None:
        """Make something go wrong in the chat, as `sandbox.platform.Fault` names it."""

    def delete(self, address: Address, message_id: str) -> None:
        """Let people delete the message."""

    async def vanish(self) -> None:
        """End the platform: nothing answers at its address any more."""


def a_message(**fields: Any) -> Message:
    """Return an entry as the core says it; fields replace what does not matter."""
    usual = Message(
        "entry",
        headline="The night ferry has docked",
        body=RichText("All 212 passengers are ashore."),
        author="Ada Quill",
        time=datetime(2026, 2, 14, 9, 15, tzinfo=UTC),
        time_text="09:15, 14 Feb",
        source_name="Harbour News",
        link="https://harbour.example/live#post-7",
    )
    return replace(usual, **fields)


CORRECTED = a_message(headline="The night ferry has docked, late")


async def sent(stage: Stage, address: Address, message: Message | None = None, nonce: str = NONCE) -> Sent:
    """Send the one part of a message that must be accepted."""
    told = message or a_message()
    outcome = await stage.adapter.send(address, told, 0, nonce)
    assert isinstance(outcome, Done), outcome
    assert outcome.message_id
    return Sent(outcome.message_id, stage.adapter.parts(told)[0], datetime.now(UTC))


@asynccontextmanager
async def listening(adapter: Adapter, inbox: Inbox) -> AsyncIterator[None]:
    """Listen while the context is open."""
    task = asyncio.create_task(adapter.listen(inbox))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def soon(what: Awaitable[Any]) -> Any:
    """Wait for what must come."""
    return await asyncio.wait_for(what, PATIENCE)


class AdapterContract:
    """What holds for every platform."""

    async def test_connecting_tells_who_the_bot_is(self, stage: Stage) -> None:
        assert stage.adapter.bot

    # ── saying ───────────────────────────────────────────────────────────────────────────────────────────────────

    async def test_a_message_tells_headline_body_time_author_and_source(self, stage: Stage) -> None:
        address = stage.open_chat()
        await sent(stage, address)
        (text,) = stage.texts(address)
        told = a_message()
        for words in (told.headline, told.body.text, told.author, told.source_name):
            assert words in text
        # A platform with timestamps of its own shows the reader's time, which the stand-in tells in seconds.
        assert told.time is not None
        assert told.time_text in text or str(int(told.time.timestamp())) in text

    async def test_breaking_news_is_marked_and_so_is_a_label(self, stage: Stage) -> None:
        address = stage.open_chat()
        await sent(stage, address, a_message(breaking=True, label="Analysis"))
        (text,) = stage.texts(address)
        assert "breaking" in text.lower()
        assert "Analysis" in text

    async def test_what_an_entry_says_never_becomes_markup(self, stage: Stage) -> None:
        address = stage.open_chat()
        words = "2 * 3 * 4 is <b>24</b>, _so_ they say in [this](that) & `there`"
        body = RichText(words, (Span(0, 9, "bold"), Span(words.index("so"), len(words), "link", "https://a.example/")))
        await sent(stage, address, a_message(headline="*One* <i>two</i>", body=body))
        (text,) = stage.texts(address)
        assert words in text
        assert "*One* <i>two</i>" in text

    async def test_every_kind_of_message_has_a_part_to_send_even_an_empty_one(self, stage: Stage) -> None:
        address = stage.open_chat()
        empty = Message("entry", source_name="Harbour News", link="https://harbour.example/live")
        for message in (empty, Message("end", headline="Coverage has ended"), Message("withdrawn", headline="Gone")):
            assert len(stage.adapter.parts(message)) == 1
            await sent(stage, address, message, nonce=message.kind)
        assert len(stage.texts(address)) == 3

    async def test_a_text_that_is_too_long_is_cut_and_says_so(self, stage: Stage) -> None:
        if stage.adapter.platform == "terminal":
            pytest.skip("a terminal has no longest text")
        address = stage.open_chat()
        await sent(stage, address, a_message(headline="Word " * 1000, body=RichText("Many words were said. " * 1000)))
        (text,) = stage.texts(address)
        assert "…" in text
        assert a_message().source_name in text

    async def test_a_long_digest_is_told_in_parts_and_loses_no_line(self, stage: Stage) -> None:
        address = stage.open_chat()
        lines = [
            f"• {number:03} What happened at the harbour, told in one line of some length" for number in range(150)
        ]
        digest = a_message(kind="digest", headline="While you were away", body=RichText("\n".join(lines)))
        for number in range(len(stage.adapter.parts(digest))):
            outcome = await stage.adapter.send(address, digest, number, f"{NONCE[:20]}{number}")
            assert isinstance(outcome, Done)
        shown = "\n".join(stage.texts(address))
        assert [line for line in lines if line not in shown] == []

    # ── changing ─────────────────────────────────────────────────────────────────────────────────────────────────

    async def test_an_edit_changes_what_is_read(self, stage: Stage) -> None:
        address = stage.open_chat()
        message = await sent(stage, address)
        assert stage.adapter.can_edit(message.kind, stage.adapter.parts(CORRECTED)[0])
        assert isinstance(await stage.adapter.edit(address, message, CORRECTED, 0), Done)
        (text,) = stage.texts(address)
        assert CORRECTED.headline in text

    async def test_an_edit_that_changes_nothing_is_done(self, stage: Stage) -> None:
        address = stage.open_chat()
        message = await sent(stage, address)
        assert isinstance(await stage.adapter.edit(address, message, a_message(), 0), Done)

    async def test_what_is_removed_is_no_longer_read(self, stage: Stage) -> None:
        address = stage.open_chat()
        first = await sent(stage, address)
        assert isinstance(await stage.adapter.remove(address, first), Done)
        assert stage.texts(address) == []

    async def test_pinning_and_unpinning_can_be_said_twice(self, stage: Stage) -> None:
        address = stage.open_chat()
        message = await sent(stage, address)
        for pinned in (True, True, False, False):
            assert isinstance(await stage.adapter.pin(address, message, pinned=pinned), Done)
            assert len(stage.pinned(address)) == pinned

    # ── commands ─────────────────────────────────────────────────────────────────────────────────────────────────

    @pytest.mark.parametrize("admin", [True, False], ids=["admin", "member"])
    async def test_a_command_comes_with_its_place_and_rights_and_is_answered(self, stage: Stage, admin: bool) -> None:
        if stage.adapter.platform == "terminal" and not admin:
            pytest.skip("whoever sits at the terminal may do everything")
        address = stage.open_chat()
        came: asyncio.Queue[Incoming] = asyncio.Queue()
        async with listening(stage.adapter, came.put):
            asking = asyncio.create_task(stage.ask(address, "/pause all", admin=admin))
            command = await soon(_next_command(came))
            assert await stage.adapter.reply(command, Answer(RichText("It is paused."))) == Done()
            assert any("It is paused." in reply for reply in await asking)
        assert (command.name, command.arguments, command.is_admin) == ("pause", "all", admin)
        assert command.address == address
        assert command.id
        assert command.user.id

    async def test_a_long_answer_is_split(self, stage: Stage) -> None:
        address = stage.open_chat()
        came: asyncio.Queue[Incoming] = asyncio.Queue()
        lines = [f"{number:03} a line of the answer, as long as such lines are" for number in range(120)]
        async with listening(stage.adapter, came.put):
            asking = asyncio.create_task(stage.ask(address, "/list", admin=True))
            command = await soon(_next_command(came))
            assert await stage.adapter.reply(command, Answer(RichText("\n".join(lines)))) == Done()
            answer = "\n".join(await asking)
        assert [line for line in lines if line not in answer] == []

    async def test_what_the_inbox_raises_ends_the_listening(self, stage: Stage) -> None:
        address = stage.open_chat()

        async def broken(_incoming: Incoming) -> None:
            raise DiskFullError

        listener = asyncio.create_task(stage.adapter.listen(broken))
        asking = asyncio.create_task(stage.ask(address, "/list", admin=True))
        try:
            with pytest.raises(DiskFullError):
                await soon(listener)
        finally:
            asking.cancel()
            with suppress(asyncio.CancelledError):
                await asking

    # ── the end ──────────────────────────────────────────────────────────────────────────────────────────────────

    async def test_closing_twice_is_closing_once(self, stage: Stage) -> None:
        await stage.adapter.close()
        await stage.adapter.close()


class NetworkContract(AdapterContract):
    """What holds for platforms behind a network, which refuse, delay and lose."""

    async def test_being_told_to_wait_is_later_and_nothing_is_done(self, stage: NetworkStage) -> None:
        address = stage.open_chat()
        stage.fault("429", address, retry_after=7.0)
        outcome = await stage.adapter.send(address, a_message(), 0, NONCE)
        assert isinstance(outcome, Later)
        assert outcome.scope == "chat"
        assert timedelta(seconds=5) < outcome.after <= timedelta(seconds=7)
        assert stage.texts(address) == []

    @pytest.mark.parametrize("kind", ["reset_after", "500_after", "bad_json"])
    async def test_a_send_whose_answer_is_lost_is_unsure(self, stage: NetworkStage, kind: str) -> None:
        address = stage.open_chat()
        stage.fault(kind, address)
        assert isinstance(await stage.adapter.send(address, a_message(), 0, NONCE), Unsure)
        assert len(stage.texts(address)) == 1

    async def test_a_send_repeated_with_its_nonce_makes_no_second_message_where_the_platform_can(
        self, stage: NetworkStage
    ) -> None:
        address = stage.open_chat()
        stage.fault("reset_after", address)
        await stage.adapter.send(address, a_message(), 0, NONCE)
        await sent(stage, address)
        assert len(stage.texts(address)) == (1 if stage.adapter.can.idempotent_send else 2)

    async def test_what_the_history_tells_is_what_stands_there(self, stage: NetworkStage) -> None:
        if not stage.adapter.can.history:
            pytest.skip("the platform shows no history")
        address = stage.open_chat()
        message = await sent(stage, address)
        told = await stage.adapter.history(address, datetime.now(UTC) - timedelta(minutes=1))
        assert isinstance(told, tuple)
        assert [found.message_id for found in told if isinstance(found, Found)] == [message.message_id]

    async def test_other_acts_may_be_said_again_when_their_answer_is_lost(self, stage: NetworkStage) -> None:
        address = stage.open_chat()
        message = await sent(stage, address)
        stage.fault("reset_after", address)
        outcome: Outcome = await stage.adapter.edit(address, message, CORRECTED, 0)
        assert isinstance(outcome, Unsure) or (isinstance(outcome, Failed) and outcome.platform_wide)
        assert isinstance(await stage.adapter.edit(address, message, CORRECTED, 0), Done)
        assert CORRECTED.headline in stage.texts(address)[0]

    async def test_what_people_removed_is_gone(self, stage: NetworkStage) -> None:
        address = stage.open_chat()
        message = await sent(stage, address)
        stage.delete(address, message.message_id)
        assert isinstance(await stage.adapter.edit(address, message, CORRECTED, 0), Gone)
        assert isinstance(await stage.adapter.remove(address, message), Gone)
        assert isinstance(await stage.adapter.pin(address, message, pinned=True), Gone)

    async def test_a_chat_that_the_bot_was_thrown_out_of_refuses_and_says_why(self, stage: NetworkStage) -> None:
        address = stage.open_chat()
        message = await sent(stage, address)
        stage.fault("403", address)
        for outcome in (
            await stage.adapter.send(address, a_message(), 0, NONCE),
            await stage.adapter.edit(address, message, CORRECTED, 0),
            await stage.adapter.remove(address, message),
        ):
            assert isinstance(outcome, Refused)
            assert outcome.about == "chat"
            assert outcome.reason

    async def test_a_platform_that_cannot_be_reached_is_nobodys_fault(self, stage: NetworkStage) -> None:
        address = stage.open_chat()
        await sent(stage, address)
        await stage.vanish()
        outcome = await stage.adapter.send(address, a_message(), 0, NONCE)
        assert isinstance(outcome, Failed)
        assert outcome.platform_wide


class DiskFullError(Exception):
    """What a test's inbox raises."""


async def _next_command(came: asyncio.Queue[Incoming]) -> Command:
    """Return the first command; where the bot is in which chat is told, too."""
    while True:
        incoming = await came.get()
        if isinstance(incoming, Command):
            return incoming
