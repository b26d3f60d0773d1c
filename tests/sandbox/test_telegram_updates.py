"""getUpdates, commands that people type, and the bot's menu."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from telegram import Bot, BotCommand, BotCommandScopeChat, Update
from telegram.error import BadRequest, RetryAfter
from telegram.ext import Application, CommandHandler, ContextTypes, filters

from sandbox.platform import Fault
from sandbox.server import Sandbox
from sandbox.telegram.people import say
from sandbox.telegram.refusal import Refusal
from sandbox.telegram.updates import UpdateQueue

from .conftest import TOKEN


async def test_an_update_stays_until_a_later_offset_confirms_it(sandbox: Sandbox, bot: Bot, private: str) -> None:
    await bot.get_me()
    world = sandbox.telegram.world
    for text in ("/one", "/two"):
        say(world, world.find(private), 0, "ada", text)
    first = await bot.get_updates(timeout=0)
    again = await bot.get_updates(timeout=0)
    assert [update.update_id for update in first] == [update.update_id for update in again]
    rest = await bot.get_updates(offset=first[0].update_id + 1, timeout=0)
    assert [update.message.text for update in rest if update.message] == ["/two"]
    assert await bot.get_updates(offset=rest[0].update_id + 1, timeout=0) == ()


async def test_what_was_confirmed_by_a_lost_question_comes_again_to_whoever_asks_without_an_offset(
    sandbox: Sandbox, bot: Bot, private: str
) -> None:
    await bot.get_me()
    world = sandbox.telegram.world
    for text in ("/one", "/two", "/three"):
        say(world, world.find(private), 0, "ada", text)
    first = await bot.get_updates(timeout=0)
    await bot.get_updates(offset=first[1].update_id, timeout=0)
    await bot.get_updates(offset=first[2].update_id, timeout=0)
    sandbox.telegram.fault(Fault("unconfirmed"))
    again = await bot.get_updates(timeout=0)
    assert [update.message.text for update in again if update.message] == ["/two", "/three"]


async def test_an_open_question_passes_over_what_waits_again_before_its_offset() -> None:
    queue = UpdateQueue(first=1)
    queue.put("message", {"text": "x"})

    async def fail() -> None:
        queue.unconfirm()
        queue.put("message", {"text": "y"})

    told, _ = await asyncio.gather(queue.take(2, 100, 30.0), fail())
    assert [update["update_id"] for update in told] == [2]


async def test_a_poll_waits_for_what_comes(sandbox: Sandbox, bot: Bot, private: str) -> None:
    await bot.get_me()
    poll = asyncio.create_task(bot.get_updates(timeout=5))
    await bot.get_me()
    world = sandbox.telegram.world
    say(world, world.find(private), 0, "ada", "/start")
    (update,) = await poll
    assert update.message is not None
    assert [str(entity.type) for entity in update.message.entities] == ["bot_command"]


async def test_a_second_poller_ends_the_first() -> None:
    queue = UpdateQueue(first=1)

    async def arrive() -> None:
        queue.put("message", {"text": "x"})

    polls = [queue.take(0, 100, 30.0), queue.take(0, 100, 30.0), arrive()]
    first, second, _ = await asyncio.gather(*polls, return_exceptions=True)
    assert isinstance(first, Refusal)
    assert "terminated by other getUpdates request" in first.description
    assert second == [{"update_id": 1, "message": {"text": "x"}}]


async def test_kinds_that_a_bot_does_not_allow_are_never_kept() -> None:
    queue = UpdateQueue(first=1)
    queue.allow(["message"])
    queue.put("channel_post", {})
    queue.put("message", {})
    assert [list(update)[1] for update in await queue.take(0, 100, 0)] == ["message"]
    queue.allow([])
    queue.put("chat_member", {})
    queue.put("my_chat_member", {})
    assert [list(update)[1] for update in await queue.take(-1, 100, 0)] == ["my_chat_member"]


async def test_a_new_bot_is_told_of_the_chats_that_it_is_in(bot: Bot, group: str, channel: str, private: str) -> None:
    updates = await bot.get_updates(timeout=0)
    told = [str(update.my_chat_member.chat.id) for update in updates if update.my_chat_member]
    assert told == [group, channel]


async def test_what_was_said_before_the_first_bot_came_waits_for_it(sandbox: Sandbox, bot: Bot, private: str) -> None:
    world = sandbox.telegram.world
    say(world, world.find(private), 0, "ada", "/start")
    assert [update.message.text for update in await bot.get_updates(timeout=0) if update.message] == ["/start"]


@pytest.fixture
async def listener(sandbox: Sandbox) -> AsyncIterator[Application]:  # type: ignore[type-arg]
    """A bot that answers /echo by quoting, and /tell without."""

    async def echo(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.effective_message is not None
        for word in context.args or ():
            await update.effective_message.reply_text(word, do_quote=True)

    async def tell(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.effective_message is not None
        await update.effective_message.reply_text("told", do_quote=False)

    app = Application.builder().token(TOKEN).base_url(f"{sandbox.telegram_url}/bot").build()
    kinds = filters.UpdateType.MESSAGES | filters.UpdateType.CHANNEL_POSTS
    app.add_handlers([CommandHandler("echo", echo, filters=kinds), CommandHandler("tell", tell, filters=kinds)])
    async with app:
        await app.start()
        assert app.updater is not None
        await app.updater.start_polling(poll_interval=0, timeout=5)
        yield app
        for polling in sandbox.telegram.world.bots.values():
            polling.updates.wake()
        await app.updater.stop()
        await app.stop()


async def test_a_command_brings_back_every_part_of_the_answer(
    sandbox: Sandbox,
    listener: Application,  # type: ignore[type-arg]
    group: str,
    channel: str,
    forum: tuple[str, int],
) -> None:
    assert await sandbox.telegram.command(group, "", "eve", "/echo one two") == ["one", "two"]
    assert await sandbox.telegram.command(channel, "", "ada", "/echo post") == ["post"]
    chat, topic = forum
    assert await sandbox.telegram.command(chat, str(topic), "ada", "/echo here") == ["here"]
    assert {view.thread for view in sandbox.telegram.chats() if view.chat == chat} == {str(topic)}


async def test_an_answer_that_quotes_nothing_counts_where_nothing_else_answers(
    sandbox: Sandbox,
    listener: Application,  # type: ignore[type-arg]
    private: str,
) -> None:
    assert await sandbox.telegram.command(private, "", "ada", "/tell") == ["told"]


@pytest.mark.parametrize(
    ("chat", "thread", "problem"),
    [
        ("12", "", "no Telegram chat"),
        ("x", "", "no Telegram chat"),
        ("{channel}", "", "only a channel's admins"),
        ("{private}", "", "the private chat of ada"),
    ],
)
async def test_a_command_that_nobody_could_type_is_refused(
    sandbox: Sandbox, places: dict[str, str], chat: str, thread: str, problem: str
) -> None:
    with pytest.raises(ValueError, match=problem):
        await sandbox.telegram.command(chat.format(**places), thread, "eve", "/start")


async def test_an_anonymous_admin_writes_as_the_group(sandbox: Sandbox, bot: Bot, group: str) -> None:
    await bot.get_updates(timeout=0)
    world = sandbox.telegram.world
    say(world, world.find(group), 0, "anonymous", "/start")
    message = (await bot.get_updates(timeout=0))[-1].message
    assert message is not None
    assert message.sender_chat is not None
    assert message.from_user is not None
    assert (str(message.sender_chat.id), message.from_user.id) == (group, 1087968824)


async def test_privacy_mode_keeps_talk_from_bots_that_are_no_admins(sandbox: Sandbox, bot: Bot) -> None:
    chat, _ = sandbox.telegram.create_chat("group", "Talk", ["ada"], [])
    await bot.get_updates(timeout=0)
    world = sandbox.telegram.world
    for text in ("good morning", "/start"):
        say(world, world.find(chat), 0, "ada", text)
    texts = [update.message.text for update in await bot.get_updates(timeout=0) if update.message]
    assert texts == ["/start"]


async def test_the_menu_of_commands_is_checked(bot: Bot, group: str, channel: str) -> None:
    await bot.set_my_commands([("subscribe", "Follow a page")], scope=BotCommandScopeChat(int(group)))
    assert await bot.get_my_commands(scope=BotCommandScopeChat(int(group))) == (
        BotCommand("subscribe", "Follow a page"),
    )
    assert await bot.get_my_commands() == ()
    with pytest.raises(BadRequest, match="Can't change commands in channel chats"):
        await bot.set_my_commands([("a", "b")], scope=BotCommandScopeChat(int(channel)))
    for command, described in (("Sub", "x"), ("a-b", "x"), ("a" * 33, "x"), ("a", ""), ("a", "x" * 257)):
        with pytest.raises(BadRequest):
            await bot.set_my_commands([(command, described)])
    with pytest.raises(BadRequest):
        await bot.set_my_commands([(f"c{number}", "x") for number in range(101)])


async def test_closing_is_refused_in_the_first_ten_minutes_and_nothing_works_after_logging_out(bot: Bot) -> None:
    with pytest.raises(RetryAfter):
        await bot.close()
    await bot.log_out()
    with pytest.raises(BadRequest, match="Logged out"):
        await bot.get_me()
