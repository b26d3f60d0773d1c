"""Who may write where, and how a bot that was thrown out is told."""

from __future__ import annotations

import pytest
from telegram import Bot
from telegram.error import BadRequest, ChatMigrated, Forbidden

from sandbox.pictures import picture
from sandbox.platform import Fault
from sandbox.server import Sandbox


async def test_a_restricted_member_may_do_just_what_was_named(sandbox: Sandbox, bot: Bot) -> None:
    chat, _ = sandbox.telegram.create_chat("supergroup", "Strict", ["ada"], ["can_send_messages"])
    await bot.send_message(chat, "a word")
    with pytest.raises(BadRequest, match="Not enough rights to send photos to the chat"):
        await bot.send_photo(chat, picture("a"))
    assert (await bot.get_chat_member(chat, bot.id)).status == "restricted"


async def test_a_channel_takes_posts_from_bots_with_the_right_only(sandbox: Sandbox, bot: Bot) -> None:
    chat, _ = sandbox.telegram.create_chat("channel", "Mute", ["ada"], ["can_delete_messages"])
    with pytest.raises(BadRequest, match="Need administrator rights in the channel chat"):
        await bot.send_message(chat, "x")


async def test_a_plain_member_writes_but_does_not_pin(sandbox: Sandbox, bot: Bot) -> None:
    chat, _ = sandbox.telegram.create_chat("group", "Open", ["ada"], [])
    sent = await bot.send_message(chat, "x")
    with pytest.raises(BadRequest, match="Not enough rights"):
        await bot.pin_chat_message(chat, sent.message_id)


def test_a_right_that_telegram_does_not_have_is_refused(sandbox: Sandbox) -> None:
    with pytest.raises(ValueError, match="Telegram has no can_shout"):
        sandbox.telegram.create_chat("group", "x", [], ["can_shout"])


async def test_rights_can_change_and_the_bot_is_told(sandbox: Sandbox, bot: Bot, group: str) -> None:
    await bot.get_updates(timeout=0)
    sandbox.telegram.fault(Fault("rights", chat=group, more={"rights": ["can_send_photos"]}))
    with pytest.raises(BadRequest, match="Not enough rights to send text messages to the chat"):
        await bot.send_message(group, "x")
    change = (await bot.get_updates(timeout=0))[-1].my_chat_member
    assert change is not None
    assert (change.old_chat_member.status, change.new_chat_member.status) == ("administrator", "restricted")


@pytest.mark.parametrize(
    ("kind", "reason", "words"),
    [
        ("group", "kicked", "bot was kicked from the group chat"),
        ("supergroup", "kicked", "bot was kicked from the supergroup chat"),
        ("forum", "left", "bot is not a member of the supergroup chat"),
        ("channel", "kicked", "bot was kicked from the channel chat"),
        ("group", "deleted", "the group chat was deleted"),
        ("private", "", "bot was blocked by the user"),
        ("private", "deactivated", "user is deactivated"),
    ],
)
async def test_a_bot_that_was_thrown_out_hears_why(
    sandbox: Sandbox, bot: Bot, kind: str, reason: str, words: str
) -> None:
    chat, _ = sandbox.telegram.create_chat(kind, "x", ["ada"], ["all"])
    await bot.get_me()
    sandbox.telegram.fault(Fault("403", chat=chat, more={"reason": reason} if reason else {}))
    for _ in range(2):
        with pytest.raises(Forbidden, match=words):
            await bot.send_message(chat, "x")


async def test_a_bot_that_was_thrown_out_and_is_back_gets_both_as_updates(
    sandbox: Sandbox, bot: Bot, group: str
) -> None:
    await bot.get_updates(timeout=0)
    sandbox.telegram.fault(Fault("403", chat=group))
    sandbox.telegram.fault(Fault("restore", chat=group))
    changes = [update.my_chat_member for update in await bot.get_updates(timeout=0)]
    told = [change.new_chat_member.status for change in changes if change]
    assert told == ["administrator", "kicked", "administrator"]
    await bot.send_message(group, "back")


async def test_a_chat_that_threw_bots_out_stays_closed_to_those_that_come_later(
    sandbox: Sandbox, bot: Bot, group: str
) -> None:
    sandbox.telegram.fault(Fault("403", chat=group))
    with pytest.raises(Forbidden):
        await bot.send_message(group, "x")


async def test_leaving_a_chat_is_final_until_somebody_brings_the_bot_back(bot: Bot, group: str) -> None:
    await bot.leave_chat(group)
    with pytest.raises(Forbidden, match="not a member of the supergroup chat"):
        await bot.get_chat(group)


async def test_a_group_that_became_a_supergroup_names_its_new_id(sandbox: Sandbox, bot: Bot) -> None:
    chat, _ = sandbox.telegram.create_chat("group", "Crew", ["ada"], ["all"])
    sent = await bot.send_message(chat, "before")
    sandbox.telegram.fault(Fault("migrate", chat=chat))
    with pytest.raises(ChatMigrated) as moved:
        await bot.send_message(chat, "after")
    await bot.send_message(moved.value.new_chat_id, "after")
    with pytest.raises(BadRequest, match="Message to edit not found"):
        await bot.edit_message_text("x", moved.value.new_chat_id, sent.message_id + 1000)
    told = [update.message for update in await bot.get_updates(timeout=0) if update.message]
    assert [message.migrate_to_chat_id for message in told] == [moved.value.new_chat_id, None]


async def test_a_topic_must_exist_and_be_open(sandbox: Sandbox, bot: Bot, forum: tuple[str, int], group: str) -> None:
    chat, topic = forum
    await bot.send_message(chat, "in the topic", message_thread_id=topic)
    for place, thread in ((chat, topic + 1), (chat, 1), (group, 5)):
        with pytest.raises(BadRequest, match="Message thread not found"):
            await bot.send_message(place, "x", message_thread_id=thread)
    sandbox.telegram.fault(Fault("topic_closed", chat=chat, more={"thread": topic}))
    with pytest.raises(BadRequest, match="Topic_closed"):
        await bot.send_message(chat, "x", message_thread_id=topic)
    sandbox.telegram.fault(Fault("topic_deleted", chat=chat, more={"thread": topic}))
    with pytest.raises(BadRequest, match="Message thread not found"):
        await bot.send_message(chat, "x", message_thread_id=topic)


async def test_topics_are_shown_apart_and_general_once_something_stands_there(
    sandbox: Sandbox, bot: Bot, forum: tuple[str, int]
) -> None:
    chat, topic = forum
    await bot.send_message(chat, "boats", message_thread_id=topic)
    assert [view.thread for view in sandbox.telegram.chats()] == [str(topic)]
    await bot.send_message(chat, "all")
    texts = {view.thread: [message.text for message in view.messages] for view in sandbox.telegram.chats()}
    assert texts == {"": ["all"], str(topic): ["boats"]}


async def test_the_first_admin_made_the_chat_and_strangers_are_none_of_it(
    sandbox: Sandbox, bot: Bot, group: str
) -> None:
    ada, bo, eve = (sandbox.telegram.world.person(name) for name in ("ada", "bo", "eve"))
    statuses = [(await bot.get_chat_member(group, person.id)).status for person in (ada, bo, eve)]
    assert statuses == ["creator", "administrator", "left"]
    admins = await bot.get_chat_administrators(group)
    assert {member.user.id for member in admins} == {ada.id, bo.id, bot.id}
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.get_chat(-1009999999999)
