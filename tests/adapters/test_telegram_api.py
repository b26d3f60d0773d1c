"""What Telegram answers, and what that means to us: over real HTTP, in the Bot API server's own words."""

from __future__ import annotations

import logging
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta

import httpx
import pytest
import structlog
from telegram.error import BadRequest, Forbidden, NetworkError, TelegramError, TimedOut

from adapters.telegram.adapter import TelegramAdapter
from adapters.telegram.api import NO_ENTRY, NO_SUCH_BOT, outcome
from bot.errors import AdapterError, AdapterUnreachable
from bot.model import Address, Image
from bot.ports import Done, Failed, Gone, Later, Moved, Outcome, Refused, Sent, Unsure

from .contract import a_message
from .telegram_answers import Answers, answering
from .telegram_stage import TOKEN, an_adapter

CHAT = Address("telegram", "424242", "-1001")
SENT = Sent("12", "text", datetime(2026, 2, 14, 9, 15, tzinfo=UTC))
MESSAGE = a_message()

Call = Callable[[TelegramAdapter], Awaitable[Outcome]]

ACTS: dict[str, tuple[str, Call]] = {
    "send": ("sendMessage", lambda adapter: adapter.send(CHAT, MESSAGE, 0, "n0")),
    "edit": ("editMessageText", lambda adapter: adapter.edit(CHAT, SENT, MESSAGE, 0)),
    "remove": ("deleteMessage", lambda adapter: adapter.remove(CHAT, SENT)),
    "pin": ("pinChatMessage", lambda adapter: adapter.pin(CHAT, SENT, pinned=True)),
    "unpin": ("unpinChatMessage", lambda adapter: adapter.pin(CHAT, SENT, pinned=False)),
}
every_act = pytest.mark.parametrize(("method", "act"), ACTS.values(), ids=ACTS)
every_act_but_a_send = pytest.mark.parametrize(
    ("method", "act"), [ACTS[name] for name in ACTS if name != "send"], ids=[name for name in ACTS if name != "send"]
)


@pytest.fixture
async def telegram() -> AsyncIterator[Answers]:
    async with answering() as answers:
        yield answers


@pytest.fixture
async def adapter(telegram: Answers) -> AsyncIterator[TelegramAdapter]:
    made = an_adapter(telegram.url)
    await made.connect()
    yield made
    await made.close()


# ── waiting ──────────────────────────────────────────────────────────────────────────────────────────────────────


@every_act
async def test_a_flood_wait_is_told_at_once_and_holds_the_chat(
    telegram: Answers, adapter: TelegramAdapter, method: str, act: Call
) -> None:
    telegram.error(method, 429, "Too Many Requests: retry after 35", retry_after=35)
    assert await act(adapter) == Later(timedelta(seconds=35), "chat")


async def test_no_answer_silences_a_chat_for_longer_than_an_hour(telegram: Answers, adapter: TelegramAdapter) -> None:
    telegram.error("sendMessage", 429, "Too Many Requests: retry after 90000", retry_after=90000)
    assert await ACTS["send"][1](adapter) == Later(timedelta(hours=1), "chat")


async def test_a_flood_wait_without_a_time_is_one_of_half_a_minute(telegram: Answers, adapter: TelegramAdapter) -> None:
    telegram.error("sendMessage", 429, "Too Many Requests")
    assert await ACTS["send"][1](adapter) == Later(timedelta(seconds=30), "chat")


# ── answers that are lost ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "answer",
    [
        {"cut": True},
        {"status": 500, "body": {"ok": False, "error_code": 500, "description": "Internal Server Error"}},
        {"status": 502, "text": "<html>Bad Gateway</html>"},
        {"status": 504, "text": ""},
        {"text": '{"ok": true, "result": '},
        {"body": {"ok": True}},
        {"body": {"ok": True, "result": {}}},
        {"text": "<html>a captive portal</html>"},
    ],
    ids=["cut", "500", "502", "504", "half", "no result", "no message", "portal"],
)
async def test_a_send_without_an_answer_may_have_happened(
    telegram: Answers, adapter: TelegramAdapter, answer: dict[str, object]
) -> None:
    telegram.add("sendMessage", **answer)
    assert isinstance(await ACTS["send"][1](adapter), Unsure)


@every_act_but_a_send
async def test_other_acts_without_an_answer_are_simply_said_again(
    telegram: Answers, adapter: TelegramAdapter, method: str, act: Call
) -> None:
    for answer in ({"cut": True}, {"status": 502, "text": "<html>Bad Gateway</html>"}):
        telegram.add(method, **answer)
        outcome = await act(adapter)
        assert isinstance(outcome, Failed)
        assert outcome.platform_wide


async def test_an_answer_that_does_not_come_in_time_is_lost(telegram: Answers) -> None:
    adapter = an_adapter(telegram.url, answer_within=0.05)
    await adapter.connect()
    telegram.add("sendMessage", silent=True)
    assert isinstance(await ACTS["send"][1](adapter), Unsure)
    telegram.add("editMessageText", silent=True)
    assert isinstance(await ACTS["edit"][1](adapter), Failed)
    await adapter.close()


@pytest.mark.parametrize(
    "cause",
    [httpx.ConnectError("x"), httpx.ConnectTimeout("x"), httpx.PoolTimeout("x"), httpx.ProxyError("x"), RuntimeError()],
    ids=lambda cause: type(cause).__name__,
)
def test_what_was_never_sent_certainly_did_not_happen(cause: Exception) -> None:
    error = TimedOut() if isinstance(cause, httpx.TimeoutException) else NetworkError("x")
    error.__cause__ = cause
    assert outcome("send", error) == Failed("Telegram cannot be reached", platform_wide=True)


@pytest.mark.parametrize(
    "cause",
    [httpx.ReadTimeout("x"), httpx.WriteTimeout("x"), httpx.ReadError("x"), httpx.RemoteProtocolError("x")],
    ids=lambda cause: type(cause).__name__,
)
def test_what_was_sent_may_have_happened(cause: Exception) -> None:
    error = NetworkError("x")
    error.__cause__ = cause
    assert isinstance(outcome("send", error), Unsure)
    assert isinstance(outcome("pin", error), Failed)


# ── refusals ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("bot was blocked by the user", "the person blocked the bot"),
        ("user is deactivated", "the person's account is not there any more"),
        ("bot can't initiate conversation with a user", "the person has not started the bot"),
        ("bot was kicked from the supergroup chat", "the bot was removed from the chat"),
        ("bot is not a member of the channel chat", "the bot is not in the chat"),
        ("the group chat was deleted", "the chat is not there any more"),
        ("something new", "the bot may not write there"),
    ],
)
async def test_a_403_concerns_the_chat_and_says_why_in_plain_words(
    telegram: Answers, adapter: TelegramAdapter, words: str, reason: str
) -> None:
    for method, act in ACTS.values():
        telegram.error(method, 403, f"Forbidden: {words}")
        assert await act(adapter) == Refused(reason, "chat")


@pytest.mark.parametrize(
    "words",
    [
        "chat not found",
        "not enough rights to send text messages to the chat",
        "have no rights to send a message",
        "need administrator rights in the channel chat",
        "CHAT_WRITE_FORBIDDEN",
        "CHAT_ADMIN_REQUIRED",
        "CHAT_RESTRICTED",
        "CHANNEL_PRIVATE",
        "TOPIC_CLOSED",
        "TOPIC_DELETED",
        "message thread not found",
        "PEER_ID_INVALID",
        "group chat was deactivated",
    ],
)
async def test_a_400_that_concerns_the_chat_holds_it(telegram: Answers, adapter: TelegramAdapter, words: str) -> None:
    telegram.error("sendMessage", 400, f"Bad Request: {words}")
    refused = await ACTS["send"][1](adapter)
    assert isinstance(refused, Refused)
    assert refused.about == "chat"
    assert "_" not in refused.reason


@pytest.mark.parametrize(
    "words",
    [
        "failed to get HTTP URL content",
        "wrong type of the web page content",
        "wrong HTTP URL specified",
        "wrong file identifier/HTTP URL specified",
        "WEBPAGE_CURL_FAILED",
        "WEBPAGE_MEDIA_EMPTY",
        "PHOTO_INVALID_DIMENSIONS",
        "IMAGE_PROCESS_FAILED",
        "not enough rights to send photos to the chat",
        "CHAT_SEND_PHOTOS_FORBIDDEN",
        "message is too long",
        "MESSAGE_TOO_LONG",
        "message caption is too long",
        "MEDIA_CAPTION_TOO_LONG",
        "message text is empty",
        "can't parse entities: unsupported entity type x",
        "ENTITY_BOUNDS_INVALID",
        "something nobody has seen yet",
    ],
)
async def test_what_is_wrong_with_a_message_is_no_fault_of_the_chat(
    telegram: Answers, adapter: TelegramAdapter, words: str
) -> None:
    telegram.error("sendPhoto", 400, f"Bad Request: {words}")
    message = a_message(images=(Image("https://pictures.example/1.jpg"),))
    refused = await adapter.send(CHAT, message, 0, "n0")
    assert isinstance(refused, Refused)
    assert refused.about == "message"


async def test_a_message_that_is_too_big_for_the_server_is_refused(telegram: Answers, adapter: TelegramAdapter) -> None:
    telegram.error("sendMessage", 413, "Request Entity Too Large")
    assert await ACTS["send"][1](adapter) == Refused("the message is too big", "message")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("remove", "message can't be deleted"),
        ("remove", "message can't be deleted for everyone"),
        ("remove", "MESSAGE_DELETE_FORBIDDEN"),
        ("edit", "message can't be edited"),
        ("edit", "MESSAGE_EDIT_TIME_EXPIRED"),
        ("edit", "MESSAGE_AUTHOR_REQUIRED"),
        ("pin", "not enough rights to manage pinned messages in the chat"),
        ("unpin", "not enough rights to manage pinned messages in the chat"),
    ],
)
async def test_what_cannot_be_done_to_this_message_leaves_the_chat_alone(
    telegram: Answers, adapter: TelegramAdapter, name: str, words: str
) -> None:
    method, act = ACTS[name]
    telegram.error(method, 400, f"Bad Request: {words}")
    refused = await act(adapter)
    assert isinstance(refused, Refused)
    assert refused.about == "act"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("edit", "message to edit not found"),
        ("edit", "MESSAGE_ID_INVALID"),
        ("remove", "message to delete not found"),
        ("pin", "message to pin not found"),
        ("unpin", "message to unpin not found"),
    ],
)
async def test_a_message_that_people_deleted_is_gone(
    telegram: Answers, adapter: TelegramAdapter, name: str, words: str
) -> None:
    method, act = ACTS[name]
    telegram.error(method, 400, f"Bad Request: {words}")
    assert isinstance(await act(adapter), Gone)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("edit", "message is not modified: specified new message content and reply markup are exactly the same"),
        ("pin", "CHAT_NOT_MODIFIED"),
        ("unpin", "CHAT_NOT_MODIFIED"),
    ],
)
async def test_what_is_so_already_is_done(telegram: Answers, adapter: TelegramAdapter, name: str, words: str) -> None:
    method, act = ACTS[name]
    telegram.error(method, 400, f"Bad Request: {words}")
    assert await act(adapter) == Done()


@every_act
async def test_a_group_that_moved_names_its_new_address(
    telegram: Answers, adapter: TelegramAdapter, method: str, act: Call
) -> None:
    words = "Bad Request: group chat was upgraded to a supergroup chat"
    telegram.error(method, 400, words, migrate_to_chat_id=-1002100000001)
    assert await act(adapter) == Moved("-1002100000001")


def test_words_are_read_in_any_case() -> None:
    assert isinstance(outcome("send", BadRequest("Topic_closed")), Refused)
    assert outcome("send", Forbidden("Forbidden: Bot Was Blocked By The User")) == Refused(
        "the person blocked the bot", "chat"
    )
    assert isinstance(outcome("send", TelegramError("Invalid server response")), Unsure)


@pytest.mark.parametrize("status", [400, 401, 403, 404])
@every_act
async def test_a_page_of_something_on_the_way_holds_no_chat_and_ends_nothing(
    telegram: Answers, adapter: TelegramAdapter, method: str, act: Call, status: int
) -> None:
    telegram.add(method, status=status, text="<html>Sign in to this network</html>")
    outcome = await act(adapter)
    assert isinstance(outcome, Failed)
    assert outcome.platform_wide


# ── what is asked ────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_message_goes_into_its_topic(telegram: Answers, adapter: TelegramAdapter) -> None:
    await adapter.send(Address("telegram", "424242", "-1001", "77"), MESSAGE, 0, "n0")
    await adapter.send(CHAT, MESSAGE, 0, "n0")
    first, second = telegram.requests("sendMessage")
    assert (first["chat_id"], first["message_thread_id"]) == ("-1001", "77")
    assert "message_thread_id" not in second
    assert "parse_mode" not in first


async def test_a_pin_rings_for_nobody(telegram: Answers, adapter: TelegramAdapter) -> None:
    telegram.add("pinChatMessage")
    assert await ACTS["pin"][1](adapter) == Done()
    assert telegram.requests("pinChatMessage")[0]["disable_notification"] == "true"


# ── logging in ───────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_webhook_is_taken_away_and_what_waits_is_kept(telegram: Answers) -> None:
    told = {"url": "https://old.example/hook", "has_custom_certificate": False, "pending_update_count": 3}
    telegram.add("getWebhookInfo", told)
    adapter = an_adapter(telegram.url)
    await adapter.connect()
    await adapter.close()
    (request,) = telegram.requests("deleteWebhook")
    assert request.get("drop_pending_updates", "false") == "false"


async def test_a_menu_that_cannot_be_sent_keeps_nobody_from_working(telegram: Answers) -> None:
    telegram.error("getMyCommands", 500, "Internal Server Error")
    telegram.error("setMyCommands", 429, "Too Many Requests: retry after 9", retry_after=9)
    telegram.error("getWebhookInfo", 500, "Internal Server Error")
    adapter = an_adapter(telegram.url)
    await adapter.connect()
    assert adapter.bot == "424242"
    await adapter.close()


@pytest.mark.parametrize(
    ("status", "words", "said"), [(401, "Unauthorized", NO_ENTRY), (404, "Not Found", NO_SUCH_BOT)]
)
async def test_a_wrong_token_is_told_in_a_sentence(telegram: Answers, status: int, words: str, said: str) -> None:
    telegram.error("getMe", status, words)
    with pytest.raises(AdapterError) as raised:
        await an_adapter(telegram.url).connect()
    assert str(raised.value) == said
    assert not isinstance(raised.value, AdapterUnreachable)


async def test_an_empty_token_is_told_in_the_same_sentence(telegram: Answers) -> None:
    with pytest.raises(AdapterError) as raised:
        await an_adapter(telegram.url, token=" ").connect()
    assert str(raised.value) == NO_ENTRY


async def test_a_token_that_is_revoked_meanwhile_ends_the_work(telegram: Answers, adapter: TelegramAdapter) -> None:
    telegram.error("sendMessage", 401, "Unauthorized")
    with pytest.raises(AdapterError):
        await ACTS["send"][1](adapter)


async def test_a_bot_that_was_logged_out_of_this_server_ends_the_work(
    telegram: Answers, adapter: TelegramAdapter
) -> None:
    telegram.error("sendMessage", 400, "Bad Request: Logged out")
    with pytest.raises(AdapterError, match="logged out"):
        await ACTS["send"][1](adapter)


async def test_where_nothing_listens_connecting_says_so(telegram: Answers) -> None:
    adapter = an_adapter("http://127.0.0.1:1")
    with pytest.raises(AdapterUnreachable, match="Telegram cannot be reached"):
        await adapter.connect()


# ── the secret ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("status", "words"), [(401, "Unauthorized"), (404, "Not Found"), (500, "Internal")])
async def test_no_exception_tells_the_token(telegram: Answers, status: int, words: str) -> None:
    telegram.error("getMe", status, words)
    with pytest.raises(AdapterError) as raised:
        await an_adapter(telegram.url).connect()
    error: BaseException | None = raised.value
    while error is not None:
        assert TOKEN not in "".join(traceback.format_exception(error))
        assert TOKEN not in repr(error)
        error = error.__cause__ or error.__context__


async def test_nothing_tells_the_token_in_a_log_however_talkative(
    telegram: Answers, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with structlog.testing.capture_logs() as events:
        adapter = an_adapter(telegram.url)
        await adapter.connect()
        telegram.add("sendMessage", text="{")
        await ACTS["send"][1](adapter)
        await adapter.close()
    assert events
    assert TOKEN not in str(events)
    assert TOKEN not in caplog.text
    assert "secret" not in caplog.text


def test_the_adapter_does_not_print_its_token() -> None:
    adapter = an_adapter("http://127.0.0.1:1")
    assert TOKEN not in repr(adapter)
    assert TOKEN not in str(adapter)


# ── answers that the library cannot read ─────────────────────────────────────────────────────────────────────────


async def test_a_send_whose_answer_only_the_library_cannot_read_was_done(
    telegram: Answers, adapter: TelegramAdapter
) -> None:
    telegram.add("sendMessage", {"message_id": 31, "date": 1_800_000_000_000_000, "chat": {"id": 7}})
    assert await adapter.send(CHAT, MESSAGE, 0, "n0") == Done("31")
    album = a_message(images=(Image("https://p.example/a.jpg"), Image("https://p.example/b.jpg")))
    telegram.add("sendMediaGroup", [{"message_id": 32}, {"message_id": 33}])
    assert await adapter.send(CHAT, album, 0, "n0") == Done("32", ("33",))


async def test_an_edit_that_is_answered_with_nothing_but_that_it_went_well_was_done(
    telegram: Answers, adapter: TelegramAdapter
) -> None:
    telegram.add("editMessageText", None)
    assert isinstance(await adapter.edit(CHAT, SENT, MESSAGE, 0), Done)


@pytest.mark.parametrize("text", ['{"ok": true}', '{"ok": false, "result": {}}', '{"ok": "yes", "result": {}}', "[]"])
async def test_an_answer_that_does_not_say_that_it_went_well_is_not_believed(
    telegram: Answers, adapter: TelegramAdapter, text: str
) -> None:
    telegram.add("sendMessage", {"message_id": 30, "date": 1_800_000_000, "chat": {"id": 7, "type": "private"}})
    assert await adapter.send(CHAT, MESSAGE, 0, "n0") == Done("30")
    telegram.add("sendMessage", text=text)
    assert isinstance(await adapter.send(CHAT, MESSAGE, 0, "n0"), Unsure | Failed | Refused)
