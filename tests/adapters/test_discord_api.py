"""What Discord answers, and what that means to us: over real HTTP, said by a server that knows every answer."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta

import pytest

from adapters.discord.adapter import DiscordAdapter
from bot.errors import AdapterError
from bot.message import Message
from bot.model import Address, User
from bot.ports import Answer, Command, Done, Failed, Found, Gone, Later, Outcome, Refused, Sent, Unsure
from bot.richtext import RichText

from .discord_answers import Answers, answering

TOKEN = "bot-token-of-the-tests"
AT = datetime(2026, 2, 14, 9, 15, tzinfo=UTC)
CHANNEL = Address("discord", "77", "10")
THREAD = Address("discord", "77", "10", "11")
SENT = Sent("500", "embed", AT)
MESSAGE = Message("entry", headline="The ferry has docked", link="https://news.example/live#post-7")


@pytest.fixture
async def discord() -> AsyncIterator[Answers]:
    async with answering() as answers:
        yield answers


@pytest.fixture
async def adapter(discord: Answers) -> AsyncIterator[DiscordAdapter]:
    made = DiscordAdapter(TOKEN, api_url=discord.url, commands=(), now=lambda: AT, answer_within=5.0)
    await made.connect()
    yield made
    await made.close()


Call = Callable[[DiscordAdapter], Awaitable[Outcome]]

ACTS: dict[str, Call] = {
    "send": lambda adapter: adapter.send(CHANNEL, MESSAGE, 0, "n0"),
    "edit": lambda adapter: adapter.edit(CHANNEL, SENT, MESSAGE, 0),
    "remove": lambda adapter: adapter.remove(CHANNEL, SENT),
    "pin": lambda adapter: adapter.pin(CHANNEL, SENT, pinned=True),
    "unpin": lambda adapter: adapter.pin(CHANNEL, SENT, pinned=False),
}
every_act = pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
every_act_but_a_send = pytest.mark.parametrize(
    "act", [ACTS[name] for name in ACTS if name != "send"], ids=[name for name in ACTS if name != "send"]
)


# ── what is asked ────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_send_carries_its_nonce_and_lets_nobody_be_mentioned(discord: Answers, adapter: DiscordAdapter) -> None:
    discord.add(body={"id": "900"})
    assert await adapter.send(CHANNEL, MESSAGE, 0, "nonce-1") == Done("900")
    asked = discord.asked[-1]
    assert (asked.method, asked.path) == ("POST", "/api/v10/channels/10/messages")
    assert (asked.body["nonce"], asked.body["enforce_nonce"]) == ("nonce-1", True)
    assert asked.body["allowed_mentions"] == {"parse": []}
    assert asked.body["flags"] == 0


async def test_a_silent_message_does_not_ring(discord: Answers, adapter: DiscordAdapter) -> None:
    await adapter.send(CHANNEL, Message("entry", headline="x", silent=True), 0, "n0")
    assert discord.asked[-1].body["flags"] == 1 << 12


async def test_a_thread_is_written_to_by_its_own_id(discord: Answers, adapter: DiscordAdapter) -> None:
    await adapter.send(THREAD, MESSAGE, 0, "n0")
    assert discord.asked[-1].path == "/api/v10/channels/11/messages"


async def test_pinning_and_unpinning_name_the_message(discord: Answers, adapter: DiscordAdapter) -> None:
    for pinned, method in ((True, "PUT"), (False, "DELETE")):
        discord.add(204)
        assert await adapter.pin(CHANNEL, SENT, pinned=pinned) == Done()
        assert discord.asked[-1].method == method
        assert discord.asked[-1].path == "/api/v10/channels/10/messages/pins/500"


# ── waiting ──────────────────────────────────────────────────────────────────────────────────────────────────────


@every_act
async def test_a_rate_limit_is_told_at_once_and_holds_the_chat(
    discord: Answers, adapter: DiscordAdapter, act: Call
) -> None:
    discord.add(429, {"message": "slow", "retry_after": 12.5, "global": False}, headers={"Via": "1.1 proxy"})
    assert await act(adapter) == Later(timedelta(seconds=12.5), "chat")


async def test_a_global_rate_limit_holds_the_bot(discord: Answers, adapter: DiscordAdapter) -> None:
    discord.add(429, {"message": "slow", "retry_after": 2, "global": True}, headers={"Via": "1.1 proxy"})
    assert await ACTS["send"](adapter) == Later(timedelta(seconds=2), "bot")


async def test_the_limit_on_old_edits_holds_that_delivery_only(discord: Answers, adapter: DiscordAdapter) -> None:
    discord.add(429, {"message": "old", "retry_after": 60, "global": False, "code": 30046})
    assert await ACTS["edit"](adapter) == Later(timedelta(seconds=60), "delivery")


async def test_a_ban_by_cloudflare_holds_the_bot(discord: Answers, adapter: DiscordAdapter) -> None:
    discord.add(429, text="<html>error 1015</html>", headers={"Retry-After": "90"})
    assert await ACTS["send"](adapter) == Later(timedelta(seconds=90), "bot")


async def test_no_header_silences_a_channel_for_longer_than_an_hour(discord: Answers, adapter: DiscordAdapter) -> None:
    discord.add(429, {"message": "slow", "retry_after": 1e9})
    assert await ACTS["send"](adapter) == Later(timedelta(hours=1), "chat")


async def test_a_used_up_bucket_returns_at_once_and_is_not_asked_again(
    discord: Answers, adapter: DiscordAdapter
) -> None:
    last = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset-After": "30", "X-RateLimit-Limit": "5"}
    discord.add(body={"id": "1"}, headers=last)
    assert await ACTS["send"](adapter) == Done("1")
    asked = len(discord.asked)
    outcome = await ACTS["send"](adapter)
    assert isinstance(outcome, Later)
    assert timedelta(seconds=25) < outcome.after <= timedelta(seconds=30)
    assert len(discord.asked) == asked


async def test_a_used_up_bucket_of_one_channel_leaves_the_others_alone(
    discord: Answers, adapter: DiscordAdapter
) -> None:
    discord.add(body={"id": "1"}, headers={"X-RateLimit-Remaining": "0", "X-RateLimit-Reset-After": "30"})
    await adapter.send(CHANNEL, MESSAGE, 0, "n0")
    assert await adapter.send(THREAD, MESSAGE, 0, "n1") == Done("1")


# ── what is refused, and what is gone ────────────────────────────────────────────────────────────────────────────


@every_act_but_a_send
async def test_a_message_that_people_deleted_is_gone(discord: Answers, adapter: DiscordAdapter, act: Call) -> None:
    discord.error(404, 10008)
    assert isinstance(await act(adapter), Gone)


async def test_an_unknown_message_in_answer_to_a_send_means_that_the_nonce_is_burnt(
    discord: Answers, adapter: DiscordAdapter
) -> None:
    discord.error(404, 10008)
    assert await ACTS["send"](adapter) == Gone("nonce")


@every_act
@pytest.mark.parametrize(("status", "code"), [(404, 10003), (403, 50001), (403, 50007), (403, 50278)])
async def test_what_concerns_the_chat_holds_the_chat(
    discord: Answers, adapter: DiscordAdapter, act: Call, status: int, code: int
) -> None:
    discord.error(status, code)
    outcome = await act(adapter)
    assert isinstance(outcome, Refused)
    assert outcome.about == "chat"


async def test_a_missing_right_to_write_holds_the_chat_but_one_to_pin_does_not(
    discord: Answers, adapter: DiscordAdapter
) -> None:
    about = {}
    for name in ("send", "pin"):
        discord.error(403, 50013)
        outcome = await ACTS[name](adapter)
        assert isinstance(outcome, Refused)
        about[name] = outcome.about
    assert about == {"send": "chat", "pin": "act"}


@pytest.mark.parametrize(("status", "code"), [(400, 50035), (400, 50006), (403, 200000), (400, 240000)])
async def test_what_concerns_the_words_is_about_the_message(
    discord: Answers, adapter: DiscordAdapter, status: int, code: int
) -> None:
    discord.error(status, code)
    outcome = await ACTS["send"](adapter)
    assert isinstance(outcome, Refused)
    assert outcome.about == "message"


async def test_an_edit_in_an_archived_thread_is_refused_for_itself(discord: Answers, adapter: DiscordAdapter) -> None:
    discord.error(400, 50083)
    assert await ACTS["edit"](adapter) == Refused("the thread is archived", "act")


async def test_a_full_list_of_pins_is_about_the_pin(discord: Answers, adapter: DiscordAdapter) -> None:
    discord.error(400, 30003)
    assert await ACTS["pin"](adapter) == Refused("no more messages can be pinned there", "act")


# ── answers that did not come ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("status", [500, 502, 504])
async def test_a_server_error_after_a_send_may_hide_a_message(
    discord: Answers, adapter: DiscordAdapter, status: int
) -> None:
    discord.add(status, {"message": "oops", "code": 0})
    assert isinstance(await ACTS["send"](adapter), Unsure)
    assert len(discord.asked) == 2  # the login and one send: nothing repeats it behind our back


@every_act_but_a_send
async def test_a_server_error_after_anything_else_can_be_asked_again(
    discord: Answers, adapter: DiscordAdapter, act: Call
) -> None:
    discord.add(500, {"message": "oops", "code": 0})
    outcome = await act(adapter)
    assert isinstance(outcome, Failed)
    assert outcome.platform_wide


async def test_an_overloaded_discord_has_not_begun(discord: Answers, adapter: DiscordAdapter) -> None:
    discord.add(503, text="upstream connect error")
    assert await ACTS["send"](adapter) == Failed("Discord is overloaded", platform_wide=True)


async def test_a_connection_that_breaks_leaves_a_send_unsure(discord: Answers, adapter: DiscordAdapter) -> None:
    discord.add(cut=True)
    assert isinstance(await ACTS["send"](adapter), Unsure)


async def test_an_answer_that_is_not_json_leaves_a_send_unsure(discord: Answers, adapter: DiscordAdapter) -> None:
    discord.add(200, text="<html>")
    assert isinstance(await ACTS["send"](adapter), Unsure)


async def test_an_answer_that_does_not_come_leaves_a_send_unsure(discord: Answers) -> None:
    adapter = DiscordAdapter(TOKEN, api_url=discord.url, commands=(), now=lambda: AT, answer_within=0.2)
    await adapter.connect()
    discord.add(silent=True)
    assert isinstance(await ACTS["send"](adapter), Unsure)
    await adapter.close()


async def test_a_connection_that_never_stood_has_sent_nothing() -> None:
    async with answering() as discord:
        adapter = DiscordAdapter(TOKEN, api_url=discord.url, commands=(), now=lambda: AT)
        await adapter.connect()
    for _ in ("finds the connection that was kept open dead", "finds that there is none"):
        assert await ACTS["send"](adapter) == Failed("Discord cannot be reached", platform_wide=True)
    await adapter.close()


async def test_a_page_of_something_between_us_and_discord_costs_no_attempt(
    discord: Answers, adapter: DiscordAdapter
) -> None:
    discord.add(403, text="<html>blocked</html>")
    assert await ACTS["send"](adapter) == Failed("Discord answered 403", platform_wide=True)


# ── the token ────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_token_that_discord_no_longer_accepts_is_for_the_operator(
    discord: Answers, adapter: DiscordAdapter
) -> None:
    discord.error(401, 0)
    with pytest.raises(AdapterError, match="does not accept the token"):
        await ACTS["send"](adapter)


async def test_a_discord_that_cannot_be_reached_is_said_in_a_sentence() -> None:
    async with answering() as discord:
        url = discord.url
    adapter = DiscordAdapter(TOKEN, api_url=url, commands=(), now=lambda: AT)
    with pytest.raises(AdapterError, match=r"^Discord cannot be asked now: Discord cannot be reached\.$"):
        await adapter.connect()
    await adapter.close()


async def test_the_token_is_in_no_repr(adapter: DiscordAdapter) -> None:
    assert TOKEN not in repr(adapter)
    assert TOKEN not in str(vars(adapter).get("_open_rest"))


async def test_closing_twice_is_no_harm(adapter: DiscordAdapter) -> None:
    await adapter.close()
    await adapter.close()


# ── looking back ─────────────────────────────────────────────────────────────────────────────────────────────────


def a_message_of(author: str, number: int, **more: object) -> dict[str, object]:
    moment = int(AT.timestamp() * 1000) - 1420070400000 + number
    return {"id": str(moment << 22), "author": {"id": author}, "embeds": [], **more}


async def test_history_tells_our_own_messages_oldest_first(discord: Answers, adapter: DiscordAdapter) -> None:
    embed = {"url": "https://news.example/live#post-7", "title": r"🔴 Breaking: Why \*this\*?"}
    ours = a_message_of("77", 2, nonce="n7", embeds=[embed])
    discord.add(body=[a_message_of("77", 3), ours, a_message_of("5", 1)])
    found = await adapter.history(THREAD, AT)
    assert isinstance(found, tuple)
    at = AT + timedelta(milliseconds=2)
    assert found[0] == Found(str(ours["id"]), at, "n7", "https://news.example/live#post-7", "Why *this*?")
    assert len(found) == 2
    assert discord.asked[-1].path == "/api/v10/channels/11/messages"


async def test_history_goes_on_where_a_page_is_full_and_ends(discord: Answers, adapter: DiscordAdapter) -> None:
    for page in range(3):
        discord.add(body=[a_message_of("77", 100 * page + number) for number in range(100 if page < 2 else 5)])
    found = await adapter.history(CHANNEL, AT)
    assert isinstance(found, tuple)
    assert len(found) == 205
    assert [asked.query["after"] for asked in discord.asked[-2:]] == [found[99].message_id, found[199].message_id]


async def test_history_of_a_channel_that_we_cannot_see_is_refused(discord: Answers, adapter: DiscordAdapter) -> None:
    discord.error(403, 50001)
    assert await adapter.history(CHANNEL, AT) == Refused("the bot cannot see the channel", "chat")


# ── answering commands ───────────────────────────────────────────────────────────────────────────────────────────

COMMAND = Command("1", CHANNEL, "group", "#news", User("5"), is_admin=True, name="list", reply_to="99/secret-token")


async def test_an_answer_goes_to_the_sender_only_and_goes_on_in_further_messages(
    discord: Answers, adapter: DiscordAdapter
) -> None:
    assert await adapter.reply(COMMAND, Answer(RichText("A line of an answer.\n" * 150))) == Done()
    asked = discord.asked[1:]
    assert [(one.method, one.path) for one in asked] == [
        ("PATCH", "/api/v10/webhooks/99/secret-token/messages/@original"),
        ("POST", "/api/v10/webhooks/99/secret-token"),
    ]
    assert asked[1].body["flags"] == 64
    assert all(one.body["allowed_mentions"] == {"parse": []} for one in asked)


@pytest.mark.parametrize(("status", "code"), [(404, 10015), (401, 50027)])
async def test_an_answer_that_comes_after_fifteen_minutes_stands_in_the_channel(
    discord: Answers, adapter: DiscordAdapter, status: int, code: int
) -> None:
    discord.error(status, code)
    assert await adapter.reply(COMMAND, Answer(RichText("Done."))) == Done()
    assert (discord.asked[-1].method, discord.asked[-1].path) == ("POST", "/api/v10/channels/10/messages")


async def test_the_secret_of_an_answer_is_in_no_repr_and_no_reason(discord: Answers, adapter: DiscordAdapter) -> None:
    assert "secret-token" not in repr(COMMAND)
    for status in (400, 429, 500):
        discord.add(status, {"message": "no", "code": 1, "retry_after": 1})
        assert "secret-token" not in repr(await adapter.reply(COMMAND, Answer(RichText("Done."))))
