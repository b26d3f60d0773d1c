"""Faults on demand: what was done, what was answered, and what the client makes of it."""

from __future__ import annotations

import pytest
from telegram import Bot
from telegram.error import BadRequest, Conflict, InvalidToken, NetworkError, TelegramError, TimedOut

from sandbox.platform import Fault
from sandbox.server import Sandbox


def _texts(sandbox: Sandbox) -> list[str]:
    return [message.text for message in sandbox.telegram.chats()[0].messages]


@pytest.mark.parametrize(
    ("kind", "done"),
    [
        ("500_before", False),
        ("500_after", True),
        ("reset_before", False),
        ("reset_after", True),
        ("bad_json", True),
    ],
)
async def test_a_fault_comes_before_or_after_the_deed(
    sandbox: Sandbox, bot: Bot, group: str, kind: str, done: bool
) -> None:
    sandbox.telegram.fault(Fault(kind, chat=group))
    with pytest.raises(TelegramError) as failed:
        await bot.send_message(group, "x")
    assert isinstance(failed.value, NetworkError) or kind == "bad_json"
    assert _texts(sandbox) == (["x"] if done else [])
    struck = sandbox.calls.select("telegram", "sendMessage")[-1]
    assert struck.fault == kind
    assert [struck.meant["result"]["text"]] == _texts(sandbox) if done else not struck.meant["ok"]
    await bot.send_message(group, "y")
    assert sandbox.calls.select("telegram", "sendMessage")[-1].fault == ""


async def test_a_call_that_hangs_after_the_deed_runs_into_the_clients_patience(
    sandbox: Sandbox, bot: Bot, group: str
) -> None:
    sandbox.telegram.fault(Fault("hang_after", chat=group, seconds=60))
    with pytest.raises(TimedOut):
        await bot.send_message(group, "x", read_timeout=0.2)
    assert _texts(sandbox) == ["x"]


async def test_faults_that_wait_are_forgotten_when_it_is_calm(sandbox: Sandbox, bot: Bot, group: str) -> None:
    sandbox.telegram.fault(Fault("500_before", chat=group, times=3))
    sandbox.telegram.fault(Fault("calm"))
    await bot.send_message(group, "x")
    assert _texts(sandbox) == ["x"]


async def test_a_fault_strikes_the_named_method_so_many_times(sandbox: Sandbox, bot: Bot, group: str) -> None:
    sent = await bot.send_message(group, "x")
    sandbox.telegram.fault(Fault("500_before", method="editMessageText", times=2))
    await bot.send_message(group, "y")
    for _ in range(2):
        with pytest.raises(NetworkError):
            await bot.edit_message_text("z", group, sent.message_id)
    await bot.edit_message_text("z", group, sent.message_id)


async def test_a_fault_without_a_method_spares_calls_that_concern_no_chat(
    sandbox: Sandbox, bot: Bot, group: str
) -> None:
    sandbox.telegram.fault(Fault("500_before"))
    await bot.get_me()
    with pytest.raises(NetworkError):
        await bot.get_chat(group)


async def test_a_message_that_people_deleted_is_not_found(sandbox: Sandbox, bot: Bot, group: str) -> None:
    sent = await bot.send_message(group, "x")
    sandbox.telegram.fault(Fault("delete_message", chat=group, more={"message": str(sent.message_id)}))
    with pytest.raises(BadRequest, match="Message to edit not found"):
        await bot.edit_message_text("y", group, sent.message_id)
    assert sandbox.telegram.chats()[0].deleted == ((str(sent.message_id), "x"),)


async def test_messages_can_be_made_too_old_to_remove(sandbox: Sandbox, bot: Bot, group: str) -> None:
    sent = await bot.send_message(group, "x")
    sandbox.telegram.fault(Fault("age", chat=group, more={"hours": 48}))
    with pytest.raises(BadRequest, match="can't be deleted"):
        await bot.delete_message(group, sent.message_id)


async def test_a_token_can_be_revoked_and_a_poll_taken_over(sandbox: Sandbox, bot: Bot) -> None:
    sandbox.telegram.fault(Fault("401", method="getMe"))
    with pytest.raises(InvalidToken):
        await bot.get_me()
    sandbox.telegram.fault(Fault("409"))
    with pytest.raises(Conflict):
        await bot.get_updates(timeout=0)


@pytest.mark.parametrize(
    "fault",
    [
        Fault("earthquake"),
        Fault("403", chat="-5"),
        Fault("migrate"),
        Fault("delete_message", more={"message": "1"}),
    ],
)
def test_a_fault_that_cannot_be_is_refused(sandbox: Sandbox, fault: Fault) -> None:
    with pytest.raises(ValueError):
        sandbox.telegram.fault(fault)


async def test_a_reset_leaves_the_bots_connected_and_nothing_else(sandbox: Sandbox, bot: Bot, group: str) -> None:
    await bot.send_message(group, "x")
    sandbox.telegram.fault(Fault("500_before"))
    sandbox.reset()
    assert sandbox.telegram.chats() == []
    chat, _ = sandbox.telegram.create_chat("supergroup", "New", ["ada"], ["all"])
    assert chat != group
    await bot.send_message(chat, "y")
    assert [call.method for call in sandbox.calls] == ["sendMessage"]
