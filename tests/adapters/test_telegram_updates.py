"""What comes in from Telegram: commands with their rights, moves, and a queue that loses nothing in any outage."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import structlog

from adapters.telegram.adapter import TelegramAdapter
from bot.errors import AdapterError
from bot.model import Address, User
from bot.ports import Command, Incoming, Membership, Migration
from sandbox.server import Sandbox
from sandbox.telegram.people import say

from .contract import DiskFullError, listening, soon
from .telegram_answers import Answers, answering
from .telegram_stage import ADMIN, MEMBER, an_adapter, on_stage

PERSON = {"id": 7, "is_bot": False, "first_name": "Ada", "last_name": "Quill", "language_code": "de"}
PRIVATE = {"id": 7, "type": "private", "first_name": "Ada", "last_name": "Quill"}
GROUP = {"id": -1001, "type": "supergroup", "title": "Harbour"}
CHANNEL = {"id": -1002, "type": "channel", "title": "Harbour News"}
BOT = {"id": 424242, "is_bot": True, "first_name": "Relay", "username": "relay_bot"}
ANONYMOUS = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}


@pytest.fixture
async def telegram() -> AsyncIterator[Answers]:
    async with answering() as answers:
        yield answers


class Pauses:
    """Remembers how long the adapter wanted to wait, and waits not at all; after `most` it waits for ever."""

    def __init__(self, most: int = 20) -> None:
        self.asked: list[float] = []
        self.enough = asyncio.Event()
        self._most = most

    async def __call__(self, seconds: float) -> None:
        self.asked.append(seconds)
        if len(self.asked) >= self._most:
            self.enough.set()
            await asyncio.Event().wait()


@asynccontextmanager
async def connected(telegram: Answers, **changes: Any) -> AsyncIterator[TelegramAdapter]:
    adapter = an_adapter(telegram.url, **changes)
    await adapter.connect()
    try:
        yield adapter
    finally:
        await adapter.close()


def a_message(text: str = "/list", chat: dict[str, Any] = PRIVATE, **more: Any) -> dict[str, Any]:
    usual: dict[str, Any] = {"message_id": 5, "date": 1_800_000_000, "chat": chat, "text": text}
    if chat is not CHANNEL:
        usual["from"] = PERSON
    return usual | more


def an_update(number: int, kind: str = "message", **body: Any) -> dict[str, Any]:
    return {"update_id": number, kind: body}


async def heard(telegram: Answers, *updates: dict[str, Any], **changes: Any) -> list[Incoming]:
    """Let these updates come, and return what the adapter handed over until it asked for more."""
    came: list[Incoming] = []

    async def keep(incoming: Incoming) -> None:
        came.append(incoming)

    telegram.add("getUpdates", list(updates))
    before = len(telegram.requests("getUpdates"))
    async with connected(telegram, **changes) as adapter, listening(adapter, keep):
        await soon(telegram.requested("getUpdates", before + 2))
    return came


async def the_command(telegram: Answers, **message: Any) -> Command | None:
    kind = "channel_post" if message.get("chat") is CHANNEL else "message"
    came = await heard(telegram, an_update(1, kind, **a_message(**message)))
    assert len(came) <= 1
    command = came[0] if came else None
    assert command is None or isinstance(command, Command)
    return command


# ── what is a command ────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_command_in_reply_to_a_message_says_to_which(telegram: Answers) -> None:
    told = a_message("Fire in Kyiv", message_id=4)
    command = await the_command(telegram, text="/why", reply_to_message=told)
    assert command is not None
    assert (command.name, command.replied_to) == ("why", "4")
    opened = a_message("", message_id=3) | {"forum_topic_created": {"name": "News", "icon_color": 1}}
    del opened["text"]
    command = await the_command(telegram, text="/why", reply_to_message=opened)
    assert command is not None
    assert command.replied_to == ""


async def test_a_command_brings_all_that_is_needed_to_answer_it(telegram: Answers) -> None:
    assert await the_command(telegram, text="/Pause all now", message_id=31) == Command(
        id="1",
        address=Address("telegram", "424242", "7"),
        chat_kind="private",
        chat_title="Ada Quill",
        user=User("7", "Ada Quill"),
        is_admin=True,
        name="pause",
        arguments="all now",
        reply_to="31",
        language="de",
    )


@pytest.mark.parametrize(
    ("text", "name", "arguments"),
    [
        ("/list@relay_bot", "list", ""),
        ("/list@RELAY_BOT  x ", "list", "x"),
        ("/subscribe\nhttps://harbour.example/live", "subscribe", "https://harbour.example/live"),
        ('/filter ferry -delay\n"night boat"', "filter", 'ferry -delay\n"night boat"'),
        ("/unknown", "unknown", ""),
        ("https://harbour.example/live", "subscribe", "https://harbour.example/live"),
        (" HTTPS://harbour.example/live\n", "subscribe", "HTTPS://harbour.example/live"),
    ],
)
async def test_in_a_private_chat_commands_and_bare_addresses_are_understood(
    telegram: Answers, text: str, name: str, arguments: str
) -> None:
    command = await the_command(telegram, text=text)
    assert command is not None
    assert (command.name, command.arguments) == (name, arguments)


@pytest.mark.parametrize(
    "text", ["hello", "", "/", "//list", "/list@other_bot", "see https://a.example", "ftp://a.example"]
)
async def test_other_words_are_no_commands(telegram: Answers, text: str) -> None:
    assert await the_command(telegram, text=text) is None


@pytest.mark.parametrize("text", ["https://harbour.example/live", "/ban", "/list@other_bot", "good morning"])
async def test_in_a_group_what_is_not_clearly_ours_is_for_others(telegram: Answers, text: str) -> None:
    assert await the_command(telegram, chat=GROUP, text=text) is None


async def test_in_a_group_a_command_addressed_to_us_is_ours_even_if_we_do_not_know_it(telegram: Answers) -> None:
    command = await the_command(telegram, chat=GROUP, text="/ban@relay_bot")
    assert command is not None
    assert command.name == "ban"


async def test_a_channel_post_that_is_forwarded_to_its_group_is_not_said_twice(telegram: Answers) -> None:
    assert await the_command(telegram, chat=GROUP, sender_chat=CHANNEL, is_automatic_forward=True) is None


async def test_what_people_edit_is_no_command(telegram: Answers) -> None:
    assert await heard(telegram, an_update(1, "edited_message", **a_message(edit_date=1_800_000_001))) == []


async def test_a_topic_is_an_address_and_a_thread_of_replies_is_none(telegram: Answers) -> None:
    topic = await the_command(telegram, chat=GROUP, message_thread_id=77, is_topic_message=True)
    replies = await the_command(telegram, chat=GROUP, message_thread_id=77)
    assert topic is not None
    assert replies is not None
    assert (topic.address.thread, replies.address.thread) == ("77", "")


# ── who may ──────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_channel_post_comes_from_who_may_post_there(telegram: Answers) -> None:
    command = await the_command(telegram, chat=CHANNEL, text="/pause", sender_chat=CHANNEL, author_signature="Ada")
    assert command is not None
    assert (command.is_admin, command.chat_kind) == (True, "channel")
    assert command.user == User("-1002", "Ada")


async def test_an_anonymous_admin_is_an_admin_and_no_user_of_every_group(telegram: Answers) -> None:
    told = {"chat": GROUP, "text": "/pause", "sender_chat": GROUP, "from": ANONYMOUS}
    command = await the_command(telegram, **told)
    assert command is not None
    assert command.is_admin
    assert command.user == User("-1001", "Harbour")
    assert telegram.requests("getChatMember") == []


async def test_who_writes_in_the_name_of_a_channel_is_no_admin_of_the_group(telegram: Answers) -> None:
    told = {"chat": GROUP, "text": "/pause", "sender_chat": CHANNEL, "from": ANONYMOUS | {"id": 136817688}}
    command = await the_command(telegram, **told)
    assert command is not None
    assert not command.is_admin
    assert telegram.requests("getChatMember") == []


@pytest.mark.parametrize(
    ("member", "admin"),
    [
        ({"status": "creator", "user": PERSON, "is_anonymous": False}, True),
        ({"status": "member", "user": PERSON}, False),
        ({"status": "left", "user": PERSON}, False),
    ],
)
async def test_in_a_group_telegram_is_asked_who_may_change_things(
    telegram: Answers, member: dict[str, Any], admin: bool
) -> None:
    telegram.add("getChatMember", member)
    command = await the_command(telegram, chat=GROUP, text="/pause")
    assert command is not None
    assert command.is_admin is admin


async def test_what_changes_nothing_is_not_asked_about(telegram: Answers) -> None:
    command = await the_command(telegram, chat=GROUP, text="/list")
    assert command is not None
    assert telegram.requests("getChatMember") == []


async def test_that_somebody_runs_no_group_holds_for_a_minute(telegram: Answers) -> None:
    moment = datetime(2026, 2, 14, 9, 15, tzinfo=UTC)
    clock = iter([moment, moment + timedelta(seconds=59), moment + timedelta(seconds=60)])
    for _ in range(2):
        telegram.add("getChatMember", {"status": "member", "user": PERSON})
    updates = [an_update(number, **a_message("/pause", GROUP)) for number in (1, 2, 3)]
    assert len(await heard(telegram, *updates, now=lambda: next(clock))) == 3
    assert len(telegram.requests("getChatMember")) == 2


async def test_who_no_longer_runs_a_group_changes_nothing_from_that_moment_on(telegram: Answers) -> None:
    telegram.add("getChatMember", {"status": "creator", "user": PERSON, "is_anonymous": False})
    telegram.add("getChatMember", {"status": "member", "user": PERSON})
    updates = [an_update(number, **a_message("/pause", GROUP)) for number in (1, 2)]
    came = await heard(telegram, *updates)
    assert [command.is_admin for command in came if isinstance(command, Command)] == [True, False]


@pytest.mark.parametrize("chat", [GROUP, CHANNEL])
async def test_what_is_passed_on_from_elsewhere_commands_nothing(telegram: Answers, chat: dict[str, Any]) -> None:
    origin = {"type": "hidden_user", "date": 1, "sender_user_name": "Mallory"}
    assert await the_command(telegram, text="/list", chat=chat, forward_origin=origin) is None


async def test_a_group_that_hides_its_members_still_tells_who_runs_it(telegram: Answers) -> None:
    telegram.error("getChatMember", 400, "Bad Request: member list is inaccessible")
    telegram.add("getChatAdministrators", [{"status": "creator", "user": PERSON, "is_anonymous": False}])
    command = await the_command(telegram, chat=GROUP, text="/pause")
    assert command is not None
    assert command.is_admin


async def test_a_group_that_tells_nothing_has_no_admins(telegram: Answers) -> None:
    telegram.error("getChatMember", 400, "Bad Request: member list is inaccessible")
    telegram.error("getChatAdministrators", 403, "Forbidden: bot is not a member of the supergroup chat")
    command = await the_command(telegram, chat=GROUP, text="/pause")
    assert command is not None
    assert not command.is_admin


async def test_rights_that_cannot_be_asked_now_are_asked_again_before_anything_is_handed_over(
    telegram: Answers,
) -> None:
    pauses, came = Pauses(), asyncio.Queue[Incoming]()
    update = an_update(3, **a_message("/pause", GROUP))
    telegram.error("getChatMember", 500, "Internal Server Error")
    telegram.add("getChatMember", {"status": "creator", "user": PERSON, "is_anonymous": False})
    for _ in range(2):
        telegram.add("getUpdates", [update])
    async with connected(telegram, pause=pauses) as adapter, listening(adapter, came.put):
        command = await soon(came.get())
    assert isinstance(command, Command)
    assert command.is_admin
    assert pauses.asked == [1.0]


async def test_one_chat_that_cannot_be_asked_about_keeps_nobody_else_waiting(telegram: Answers) -> None:
    came: asyncio.Queue[Incoming] = asyncio.Queue()
    updates = [an_update(3, **a_message("/pause", GROUP)), an_update(4, **a_message("/list"))]
    for _ in range(3):
        telegram.error("getChatMember", 500, "Internal Server Error")
        telegram.add("getUpdates", updates)
    async with connected(telegram, pause=Pauses()) as adapter, listening(adapter, came.put):
        first, second = await soon(came.get()), await soon(came.get())
    assert (first.id, first.is_admin) == ("3", False)
    assert second.id == "4"


# ── the bot's own place ──────────────────────────────────────────────────────────────────────────────────────────


def membership(chat: dict[str, Any], status: str, **more: Any) -> dict[str, Any]:
    before = {"status": "left", "user": BOT}
    now = {"status": status, "user": BOT} | more
    change = {"chat": chat, "from": PERSON, "date": 1_800_000_000, "old_chat_member": before, "new_chat_member": now}
    return an_update(9, "my_chat_member", **change)


_ADMIN_RIGHTS = dict.fromkeys(
    [
        *("can_be_edited", "is_anonymous", "can_manage_chat", "can_delete_messages", "can_manage_video_chats"),
        *("can_restrict_members", "can_promote_members", "can_change_info", "can_invite_users", "can_post_stories"),
        *("can_edit_stories", "can_delete_stories"),
    ],
    False,
)
_RESTRICTED = dict.fromkeys(
    [
        *("can_send_messages", "can_send_audios", "can_send_documents", "can_send_photos", "can_send_videos"),
        *("can_send_video_notes", "can_send_voice_notes", "can_send_polls", "can_send_other_messages"),
        *("can_add_web_page_previews", "can_change_info", "can_invite_users", "can_pin_messages", "can_manage_topics"),
        *("can_edit_tag", "can_react_to_messages"),
    ],
    True,
) | {"until_date": 0, "is_member": True}


@pytest.mark.parametrize(
    ("update", "reason"),
    [
        (membership(GROUP, "member"), ""),
        (membership(GROUP, "administrator", **_ADMIN_RIGHTS), ""),
        (membership(GROUP, "restricted", **_RESTRICTED), ""),
        (membership(GROUP, "restricted", **_RESTRICTED | {"can_send_messages": False}), "the bot may not write there"),
        (membership(GROUP, "left"), "the bot was removed from the chat"),
        (membership(GROUP, "kicked", until_date=0), "the bot was removed from the chat"),
        (membership(PRIVATE, "kicked", until_date=0), "the person blocked the bot"),
        (membership(PRIVATE, "member"), ""),
        (membership(CHANNEL, "administrator", **_ADMIN_RIGHTS, can_post_messages=True), ""),
        (
            membership(CHANNEL, "administrator", **_ADMIN_RIGHTS, can_post_messages=False),
            "the bot is no administrator of the channel that may post",
        ),
        (membership(CHANNEL, "member"), "the bot is no administrator of the channel that may post"),
    ],
)
async def test_where_the_bot_may_write_is_told(telegram: Answers, update: dict[str, Any], reason: str) -> None:
    chat = str(update["my_chat_member"]["chat"]["id"])
    (told,) = await heard(telegram, update)
    assert isinstance(told, Membership)
    assert replace(told, arrival=None) == Membership(
        "9", Address("telegram", "424242", chat), present=not reason, reason=reason
    )


@pytest.mark.parametrize(
    ("update", "notes"),
    [
        (membership(GROUP, "member"), ["Pin messages"]),
        (membership(GROUP, "administrator", **_ADMIN_RIGHTS, can_pin_messages=True), []),
        (
            membership(CHANNEL, "administrator", **_ADMIN_RIGHTS, can_post_messages=True),
            ["Edit messages", "Delete messages"],
        ),
    ],
)
async def test_who_put_the_bot_there_is_told_and_what_will_not_work(
    telegram: Answers, update: dict[str, Any], notes: list[str]
) -> None:
    (told,) = await heard(telegram, update)
    assert isinstance(told, Membership)
    assert told.arrival is not None
    assert told.arrival.by.name == "Ada Quill"
    assert len(told.arrival.rights_notes) == len(notes)
    assert [right for right, said in zip(notes, told.arrival.rights_notes, strict=True) if right not in said] == []


async def test_a_group_that_became_a_supergroup_is_told(telegram: Answers) -> None:
    old = {"id": -55, "type": "group", "title": "Harbour"}
    body = a_message(chat=old, migrate_to_chat_id=-1001)
    del body["text"]
    assert await heard(telegram, an_update(4, **body)) == [
        Migration("4", Address("telegram", "424242", "-55"), "-1001")
    ]


# ── the queue ────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_updates_are_handed_over_in_order_and_confirmed_by_the_next_question_only(telegram: Answers) -> None:
    came = await heard(telegram, *(an_update(number, **a_message()) for number in (10, 11, 12)))
    assert [incoming.id for incoming in came] == ["10", "11", "12"]
    first, second = telegram.requests("getUpdates")[:2]
    assert "offset" not in first
    assert second["offset"] == "13"
    assert first["allowed_updates"] == '["message", "channel_post", "my_chat_member", "callback_query"]'


async def test_an_update_that_comes_twice_is_handed_over_once(telegram: Answers) -> None:
    came: asyncio.Queue[Incoming] = asyncio.Queue()
    for numbers in ((10, 11), (11, 12), (5,)):  # after a quiet week Telegram counts from anywhere
        telegram.add("getUpdates", [an_update(number, **a_message()) for number in numbers])
    async with connected(telegram) as adapter, listening(adapter, came.put):
        await soon(telegram.requested("getUpdates", 4))
    assert [came.get_nowait().id for _ in range(came.qsize())] == ["10", "11", "12", "5"]


async def test_a_command_is_not_confirmed_before_it_is_recorded(sandbox: Sandbox) -> None:
    async with on_stage(sandbox) as stage:
        address = stage.open_chat("private")
        world = sandbox.telegram.world
        say(world, world.find(address.chat), 0, ADMIN, "/list")

        async def full(_incoming: Incoming) -> None:
            raise DiskFullError

        with pytest.raises(DiskFullError):
            await soon(stage.adapter.listen(full))
        came: asyncio.Queue[Incoming] = asyncio.Queue()
        restarted = an_adapter(sandbox.telegram_url)
        await restarted.connect()
        async with listening(restarted, came.put):
            command = await soon(came.get())
        await restarted.close()
    assert isinstance(command, Command)
    assert command.name == "list"


async def test_what_was_said_while_nobody_listened_comes_with_the_right_people(sandbox: Sandbox) -> None:
    async with on_stage(sandbox) as stage:
        address = stage.open_chat("supergroup")
        world = sandbox.telegram.world
        for user in (ADMIN, MEMBER):
            say(world, world.find(address.chat), 0, user, "/pause")
        came: asyncio.Queue[Incoming] = asyncio.Queue()
        async with listening(stage.adapter, came.put):
            commands = [await _next_command(came), await _next_command(came)]
    assert [(command.user.name, command.is_admin) for command in commands] == [(ADMIN, True), (MEMBER, False)]


async def test_being_thrown_out_and_taken_back_is_told(sandbox: Sandbox) -> None:
    async with on_stage(sandbox) as stage:
        address = stage.open_chat("supergroup")
        stage.fault("403", address)
        stage.fault("restore", address)
        came: asyncio.Queue[Incoming] = asyncio.Queue()
        async with listening(stage.adapter, came.put):
            told = [await soon(came.get()) for _ in range(3)]
    assert [incoming.present for incoming in told] == [True, False, True]


async def test_a_move_is_told_once_by_the_group_that_moved(sandbox: Sandbox) -> None:
    async with on_stage(sandbox) as stage:
        address = stage.open_chat("group")
        stage.fault("migrate", address)
        came: asyncio.Queue[Incoming] = asyncio.Queue()
        async with listening(stage.adapter, came.put):
            while not isinstance(moved := await soon(came.get()), Migration):
                pass
    assert moved.address == address
    assert moved.to.startswith("-100")


# ── outages ──────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_an_outage_is_waited_out_longer_each_time_and_told_twice(telegram: Answers) -> None:
    pauses, came = Pauses(), asyncio.Queue[Incoming]()
    for _ in range(8):
        telegram.error("getUpdates", 502, "Bad Gateway")
    telegram.add("getUpdates", cut=True)
    telegram.add("getUpdates", text="{")
    telegram.add("getUpdates", [an_update(1, **a_message())])
    with structlog.testing.capture_logs() as events:
        async with connected(telegram, pause=pauses) as adapter, listening(adapter, came.put):
            assert (await soon(came.get())).id == "1"
    assert pauses.asked == [1, 2, 4, 8, 16, 32, 60, 60, 60, 60]
    told = [event["event"] for event in events if "listening" in event["event"]]
    assert told == ["telegram.not_listening", "telegram.listening_again"]


async def test_after_an_outage_the_pauses_begin_anew(telegram: Answers) -> None:
    pauses = Pauses()
    for _ in range(2):
        telegram.error("getUpdates", 502, "Bad Gateway")
        telegram.error("getUpdates", 502, "Bad Gateway")
        telegram.add("getUpdates", [])
    async with connected(telegram, pause=pauses) as adapter, listening(adapter, _ignored):
        await soon(telegram.requested("getUpdates", 7))
    assert pauses.asked == [1, 2, 1, 2]


async def test_a_flood_wait_is_waited(telegram: Answers) -> None:
    pauses = Pauses(most=1)
    telegram.error("getUpdates", 429, "Too Many Requests: retry after 40", retry_after=40)
    async with connected(telegram, pause=pauses) as adapter, listening(adapter, _ignored):
        await soon(pauses.enough.wait())
    assert pauses.asked == [40]


async def test_a_token_that_is_used_twice_is_told_and_asked_for_more_slowly(telegram: Answers) -> None:
    pauses = Pauses(most=3)
    for _ in range(3):
        telegram.error("getUpdates", 409, "Conflict: terminated by other getUpdates request")
    with structlog.testing.capture_logs() as events:
        async with connected(telegram, pause=pauses) as adapter, listening(adapter, _ignored):
            await soon(pauses.enough.wait())
    assert pauses.asked == [15, 30, 60]
    assert [event["event"] for event in events].count("telegram.token_used_twice") == 1


async def test_a_token_that_is_revoked_ends_the_listening(telegram: Answers) -> None:
    telegram.error("getUpdates", 401, "Unauthorized")
    async with connected(telegram) as adapter:
        with pytest.raises(AdapterError):
            await soon(adapter.listen(_ignored))


async def test_a_token_that_is_revoked_while_rights_are_asked_ends_the_listening(telegram: Answers) -> None:
    telegram.add("getUpdates", [an_update(3, **a_message("/pause", GROUP))])
    telegram.error("getChatMember", 401, "Unauthorized")
    async with connected(telegram) as adapter:
        with pytest.raises(AdapterError):
            await soon(adapter.listen(_ignored))


# ── malformed updates ────────────────────────────────────────────────────────────────────────────────────────────


async def test_of_a_batch_only_what_is_malformed_is_passed_over(telegram: Answers) -> None:
    good = [an_update(number, **a_message()) for number in (10, 12)]
    bad = {"update_id": 11, "message": {"message_id": 5}}
    telegram.add("getUpdates", [good[0], bad, good[1]])
    telegram.add("getUpdates", [good[0]])
    telegram.add("getUpdates", [bad])
    telegram.add("getUpdates", [good[1]])
    came: asyncio.Queue[Incoming] = asyncio.Queue()
    async with connected(telegram, pause=Pauses()) as adapter, listening(adapter, came.put):
        await soon(telegram.requested("getUpdates", 5))
    assert [came.get_nowait().id for _ in range(came.qsize())] == ["10", "12"]
    asked = [(request["limit"], request.get("offset")) for request in telegram.requests("getUpdates")]
    assert asked == [("100", None), ("1", None), ("1", "11"), ("100", "12"), ("100", "13")]


@pytest.mark.parametrize(
    "body",
    [
        {"chat": {"id": 7, "type": "something new"}},
        {"from": None},
        {"text": None},
        {"text": "/list " + "x" * 5000},
        {"chat": GROUP, "from": None},
    ],
)
async def test_an_odd_update_ends_nothing(telegram: Answers, body: dict[str, Any]) -> None:
    odd = an_update(1, **(a_message() | body))
    came = await heard(telegram, odd, {"update_id": 2, "something_new": {}}, an_update(3, **a_message()))
    assert came[-1].id == "3"


@pytest.mark.parametrize(
    "text", ["[]", '{"ok": true}', '{"ok": true, "result": [{"no": "id"}]}', '{"ok": true, "result": 5}']
)
async def test_an_answer_that_is_none_is_an_outage(telegram: Answers, text: str) -> None:
    pauses = Pauses(most=1)
    telegram.add("getUpdates", text=text)
    async with connected(telegram, pause=pauses) as adapter, listening(adapter, _ignored):
        await soon(pauses.enough.wait())
    assert pauses.asked == [1]


async def _ignored(_incoming: Incoming) -> None:
    return None


async def _next_command(came: asyncio.Queue[Incoming]) -> Command:
    while True:
        incoming = await soon(came.get())
        if isinstance(incoming, Command):
            return incoming
