"""What comes in from Discord: commands, the bot's place in servers, and a gateway that breaks in every way."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import pytest

from adapters.discord.adapter import DiscordAdapter
from bot.errors import AdapterError, DatabaseError
from bot.model import Address
from bot.ports import Command, CommandSpec, Incoming, Membership, Option

from .discord_gateway import EMBED, MANAGE, SEND, THREADS, VIEW, WRITING, Gateway, channel, gateway, interaction, person

T = TypeVar("T", bound=Incoming)

PATIENCE = 10.0  # seconds until a test that waits for what does not come fails
TOKEN = "bot-token-of-the-tests"
COMMANDS = (
    CommandSpec(
        "subscribe", "Mirror a page", (Option("url", "The page", required=True), Option("filter", "Words")), True
    ),
    CommandSpec("list", "What is followed"),
)


class Inbox:
    """Keeps what came in, in order; raises what it is told to."""

    def __init__(self) -> None:
        self.queue: asyncio.Queue[Incoming] = asyncio.Queue()
        self.failure: Exception | None = None

    async def __call__(self, incoming: Incoming) -> None:
        if self.failure:
            raise self.failure
        self.queue.put_nowait(incoming)

    async def command(self) -> Command:
        """Return the next command; Memberships before it are passed over."""
        return await self._next(Command)

    async def membership(self) -> Membership:
        """Return the next Membership."""
        return await self._next(Membership)

    async def _next(self, kind: type[T]) -> T:
        async with asyncio.timeout(PATIENCE):
            while not isinstance(incoming := await self.queue.get(), kind):
                pass
        return incoming


class Clock:
    """Moves by hand; the pauses that the listener asked for stand in `pauses`."""

    def __init__(self) -> None:
        self.at = datetime(2026, 2, 14, 9, 15, tzinfo=UTC)
        self.pauses: list[float] = []

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self.at.timestamp()

    async def pause(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.at += timedelta(seconds=seconds)


@pytest.fixture
async def discord() -> AsyncIterator[Gateway]:
    async with gateway() as made:
        yield made


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def adapter(discord: Gateway, clock: Clock) -> AsyncIterator[DiscordAdapter]:
    made = DiscordAdapter(
        TOKEN,
        api_url=discord.answers.url,
        gateway_url=discord.answers.gateway_url,
        commands=COMMANDS,
        now=clock.now,
        pause=clock.pause,
        monotonic=clock.monotonic,
        guild_ready_timeout=0.0,
    )
    await made.connect()
    yield made
    await made.close()


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@pytest.fixture
async def listening(discord: Gateway, adapter: DiscordAdapter, inbox: Inbox) -> AsyncIterator[asyncio.Task[None]]:
    task = asyncio.create_task(adapter.listen(inbox))
    await discord.lives(1)
    yield task
    task.cancel()
    with suppress(asyncio.CancelledError, AdapterError, DatabaseError):
        await task


# ── commands ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.usefixtures("listening")
async def test_a_command_comes_in_with_its_arguments_in_declared_order(discord: Gateway, inbox: Inbox) -> None:
    await discord.command("subscribe", {"filter": "harbour  -sport", "url": "https://news.example/live"})
    command = await inbox.command()
    assert (command.name, command.arguments) == ("subscribe", "https://news.example/live harbour -sport")
    assert (command.id, command.user.id, command.user.name) == ("4000", "6", "Ann")
    assert (command.chat_kind, command.chat_title, command.language) == ("group", "#news", "de")
    assert command.address == Address("discord", "77", "10")


@pytest.mark.usefixtures("listening")
@pytest.mark.parametrize(("of_server", "language"), [("en-US", "de"), ("fr", "fr")])
async def test_the_language_is_the_servers_where_it_chose_one(
    of_server: str, language: str, discord: Gateway, inbox: Inbox
) -> None:
    await discord.say("INTERACTION_CREATE", {**interaction("list", {}), "guild_locale": of_server})
    assert (await inbox.command()).language == language


@pytest.mark.usefixtures("listening")
async def test_typed_options_come_in_as_they_would_be_typed(discord: Gateway, inbox: Inbox) -> None:
    told = interaction("subscribe", {})
    typed = ((3, "url", "x"), (4, "filter", 7), (5, "loud", True))
    told["data"]["options"] = [{"name": name, "type": kind, "value": value} for kind, name, value in typed]
    await discord.say("INTERACTION_CREATE", told)
    assert (await inbox.command()).arguments == "x 7 on"


@pytest.mark.usefixtures("listening")
async def test_discord_is_told_that_we_are_at_it_before_anything_else(discord: Gateway, inbox: Inbox) -> None:
    await discord.command("list")
    await inbox.command()
    told = discord.answers.asked[-1]
    assert told.path == "/api/v10/interactions/4000/interaction-token/callback"
    assert told.body == {"type": 5, "data": {"flags": 64}}


@pytest.mark.usefixtures("listening")
async def test_a_command_that_discord_no_longer_waits_for_is_still_handed_over(discord: Gateway, inbox: Inbox) -> None:
    discord.answers.error(404, 10062)
    await discord.command("list")
    assert (await inbox.command()).name == "list"


@pytest.mark.usefixtures("listening")
async def test_what_was_acknowledged_already_is_no_trouble(
    discord: Gateway, inbox: Inbox, capsys: pytest.CaptureFixture[str]
) -> None:
    discord.answers.error(400, 40060)
    await discord.command("list")
    assert (await inbox.command()).name == "list"
    assert "defer_failed" not in capsys.readouterr().out


@pytest.mark.usefixtures("listening")
async def test_who_manages_the_server_is_an_admin_and_others_are_not(discord: Gateway, inbox: Inbox) -> None:
    for rights, admin in ((MANAGE, True), (1 << 3, True), (0, False)):
        await discord.say("INTERACTION_CREATE", interaction("list", {}, rights=rights))
        assert (await inbox.command()).is_admin is admin


@pytest.mark.usefixtures("listening")
async def test_whom_the_server_itself_lets_give_a_command_may_give_it(discord: Gateway, inbox: Inbox) -> None:
    discord.answers.add(204)  # the answer to "we are at it"
    discord.answers.add(200, [{"id": "55", "permissions": [{"id": "6", "type": 2, "permission": True}]}])
    await discord.say("INTERACTION_CREATE", interaction("subscribe", {"url": "x"}, rights=0))
    assert (await inbox.command()).is_admin


@pytest.mark.usefixtures("listening")
async def test_whom_nobody_lets_give_a_command_may_not(discord: Gateway, inbox: Inbox) -> None:
    discord.answers.add(204)
    discord.answers.error(404, 10004)
    await discord.say("INTERACTION_CREATE", interaction("subscribe", {"url": "x"}, rights=0))
    assert not (await inbox.command()).is_admin


@pytest.mark.usefixtures("listening")
async def test_a_command_in_a_thread_has_the_channel_and_the_thread(discord: Gateway, inbox: Inbox) -> None:
    thread = {
        "id": "11",
        "type": 11,
        "name": "ferry",
        "parent_id": "10",
        "guild_id": "1",
        "owner_id": "6",
        "message_count": 1,
        "member_count": 1,
        "thread_metadata": {"archived": False, "auto_archive_duration": 60, "archive_timestamp": "2026-01-01T00:00:00"},
    }
    await discord.say(
        "INTERACTION_CREATE", interaction("list", {}, app_rights=VIEW | EMBED | SEND) | {"channel": thread}
    )
    command = await inbox.command()
    assert command.address == Address("discord", "77", "10", "11")
    assert command.missing_rights == ("Send Messages in Threads",)


@pytest.mark.usefixtures("listening")
async def test_a_command_in_private_is_by_an_admin_and_lacks_nothing(discord: Gateway, inbox: Inbox) -> None:
    private = interaction("list", {}, app_rights=0) | {"channel": {"id": "30", "type": 1}, "user": person("6")}
    private |= {"context": 1, "authorizing_integration_owners": {"0": "0"}}
    del private["guild_id"], private["member"]
    await discord.say("INTERACTION_CREATE", private)
    command = await inbox.command()
    assert (command.chat_kind, command.is_admin, command.missing_rights) == ("private", True, ())
    assert command.address == Address("discord", "77", "30")


@pytest.mark.usefixtures("listening")
@pytest.mark.parametrize(
    ("held", "missing"),
    [
        (WRITING, ()),
        (1 << 3, ()),
        (VIEW | THREADS, ("Send Messages", "Embed Links")),
        (SEND | EMBED, ("View Channel",)),
    ],
)
async def test_a_command_says_which_rights_the_bot_lacks_there(
    discord: Gateway, inbox: Inbox, held: int, missing: tuple[str, ...]
) -> None:
    await discord.say("INTERACTION_CREATE", interaction("list", {}, app_rights=held))
    assert (await inbox.command()).missing_rights == missing


async def test_commands_are_registered_once_and_not_at_the_next_start(
    discord: Gateway, adapter: DiscordAdapter, inbox: Inbox
) -> None:
    for life in (1, 2):
        task = asyncio.create_task(adapter.listen(inbox))
        await discord.lives(life)
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
    sent = [asked for asked in discord.answers.asked if asked.method == "PUT"]
    assert [command["name"] for asked in sent for command in asked.body] == ["subscribe", "list"]


# ── the bot's place ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.usefixtures("listening")
async def test_at_the_start_every_channel_that_can_be_written_to_is_told(inbox: Inbox) -> None:
    told = await inbox.membership()
    assert (told.present, told.address.chat, told.chats) == (True, "1", ("10", "12"))


@pytest.mark.usefixtures("listening")
async def test_rights_that_are_taken_and_given_back_are_told_once_each(discord: Gateway, inbox: Inbox) -> None:
    first = await inbox.membership()
    for rights in (VIEW, VIEW):
        await discord.change_rights(rights)
    lost = await inbox.membership()
    for rights in (WRITING, WRITING):
        await discord.change_rights(rights)
    back = await inbox.membership()
    await discord.command("list")
    await inbox.command()
    assert inbox.queue.empty()
    assert [(told.present, told.chats) for told in (lost, back)] == [(False, ("10", "12")), (True, ("10", "12"))]
    assert lost.reason
    assert len({first.id, lost.id, back.id}) == 3


@pytest.mark.usefixtures("listening")
async def test_a_deleted_channel_is_told_alone(discord: Gateway, inbox: Inbox) -> None:
    await inbox.membership()
    await discord.say("CHANNEL_DELETE", channel(12))
    told = await inbox.membership()
    assert (told.present, told.chats) == (False, ("12",))


@pytest.mark.usefixtures("listening")
async def test_being_thrown_out_of_a_server_concerns_all_its_channels(discord: Gateway, inbox: Inbox) -> None:
    await inbox.membership()
    await discord.say("GUILD_DELETE", {"id": "1"})
    told = await inbox.membership()
    assert (told.present, told.chats, told.reason) == (False, ("10", "12"), "the bot was removed from the server")


@pytest.mark.usefixtures("listening")
async def test_a_server_that_has_trouble_is_not_one_that_threw_us_out(discord: Gateway, inbox: Inbox) -> None:
    await inbox.membership()
    await discord.say("GUILD_DELETE", {"id": "1", "unavailable": True})
    await discord.command("list")
    await inbox.command()
    assert inbox.queue.empty()


@pytest.mark.usefixtures("listening")
async def test_being_thrown_out_while_the_connection_was_broken_is_noticed(discord: Gateway, inbox: Inbox) -> None:
    await inbox.membership()
    discord.joined = False
    await discord.say("READY", {"malformed": True})
    told = await inbox.membership()
    assert (told.present, told.chats) == (False, ("10", "12"))


# ── a gateway that breaks ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.usefixtures("listening")
@pytest.mark.parametrize("event", ["INTERACTION_CREATE", "GUILD_CREATE", "CHANNEL_UPDATE", "READY"])
@pytest.mark.parametrize("told", [{}, {"id": "x"}, {"id": None, "type": []}])
async def test_a_malformed_event_is_survived(discord: Gateway, inbox: Inbox, event: str, told: object) -> None:
    await discord.say(event, told)
    await discord.lives(2 if event == "READY" else 1)
    await discord.command("list")
    assert (await inbox.command()).name == "list"
    assert discord.connections == (2 if event == "READY" else 1)


@pytest.mark.usefixtures("listening")
async def test_an_interaction_without_sense_is_passed_over(discord: Gateway, inbox: Inbox) -> None:
    await discord.say("INTERACTION_CREATE", interaction("list", {}) | {"data": {}})
    await discord.command("list")
    assert (await inbox.command()).name == "list"


@pytest.mark.usefixtures("listening")
async def test_a_gateway_that_keeps_breaking_is_given_longer_and_longer(discord: Gateway, clock: Clock) -> None:
    for life in range(2, 12):
        await discord.say("READY", {"malformed": True})
        await discord.lives(life)
    assert clock.pauses == [6, 12, 24, 48, 96, 192, 300, 300, 300, 300]


@pytest.mark.usefixtures("listening")
async def test_a_gateway_that_held_for_long_is_tried_again_soon(discord: Gateway, clock: Clock) -> None:
    for life in range(2, 5):
        clock.at += timedelta(minutes=11)
        await discord.say("READY", {"malformed": True})
        await discord.lives(life)
    assert clock.pauses == [6, 6, 6]


@pytest.mark.parametrize(("code", "said"), [(4004, "token"), (4013, "intents")])
async def test_a_gateway_that_will_never_take_us_is_for_the_operator(
    discord: Gateway, listening: asyncio.Task[None], code: int, said: str
) -> None:
    await discord.end(code)
    with pytest.raises(AdapterError, match=said):
        await listening


async def test_what_the_inbox_raises_ends_the_listening(
    discord: Gateway, listening: asyncio.Task[None], inbox: Inbox
) -> None:
    await inbox.membership()
    inbox.failure = DatabaseError("The disk is full.")
    await discord.command("list")
    with pytest.raises(DatabaseError, match="The disk is full"):
        await listening


# ── secrets ──────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_no_token_is_logged_whatever_the_level(
    discord: Gateway, adapter: DiscordAdapter, inbox: Inbox, caplog: pytest.LogCaptureFixture
) -> None:
    for name in ("", "discord", "discord.http"):
        caplog.set_level(logging.DEBUG, logger=name)
    await adapter.connect()
    task = asyncio.create_task(adapter.listen(inbox))
    await discord.lives(1)
    discord.answers.add(429, {"message": "slow", "retry_after": 3}, headers={"Via": "1.1 proxy"})
    await discord.command("list")
    await inbox.command()
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    logged = [record for record in caplog.records if not record.name.startswith("aiohttp.access")]
    assert logged
    assert not [told for record in logged for told in (record.getMessage(),) if "interaction-token" in told]
    assert TOKEN not in caplog.text
