"""Buttons and questions on Telegram, pressed and answered through the unmodified client."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

import pytest

from bot.model import Address
from bot.ports import TO_BE_TYPED, Answer, Button, Command, CommandSpec, Done, Incoming, Option
from bot.richtext import RichText
from sandbox.server import Sandbox

from .contract import listening, soon
from .telegram_stage import ADMIN, MEMBER, TelegramStage, on_stage

SPECS = (
    CommandSpec("list", "Show what this chat follows"),
    CommandSpec("pause", "Stop new entries", (Option("what", "One of the pages, or all"),), changes=True),
    CommandSpec("filter", "Choose which entries arrive", (Option("words", "Words"),)),
)
LIST = Answer(RichText("1. Storm"), ((Button("Pause", "pause 1"), Button("Filter", "filter 1")),))


@pytest.fixture
async def stage(sandbox: Sandbox) -> AsyncIterator[TelegramStage]:
    async with on_stage(sandbox, commands=SPECS) as opened:
        yield opened


class Talk:
    """What the bot hears, and answers by `answers`."""

    def __init__(self, stage: TelegramStage, answers: Callable[[Command], Answer]) -> None:
        self.stage = stage
        self.answers = answers
        self.heard: list[Command] = []

    async def __call__(self, incoming: Incoming) -> None:
        if isinstance(incoming, Command):
            self.heard.append(incoming)
            assert isinstance(await self.stage.adapter.reply(incoming, self.answers(incoming)), Done)


def by_list(command: Command) -> Answer:
    """Answer /list with buttons, everything else with what was heard."""
    return LIST if command.name == "list" else Answer(RichText(f"{command.name} {command.arguments}".strip()))


@pytest.mark.parametrize("kind", ["private", "group", "supergroup", "forum"])
async def test_a_press_is_the_command_that_its_button_carries_and_is_answered_in_its_message(
    stage: TelegramStage, kind: str
) -> None:
    address = stage.open_chat(kind)
    talk = Talk(stage, by_list)
    async with listening(stage.adapter, talk):
        await soon(stage.ask(address, "/list", admin=True))
        assert await soon(stage.sandbox.telegram.press(address.chat, ADMIN, "Pause")) == "pause 1"
    pressed = talk.heard[-1]
    assert (pressed.name, pressed.arguments, pressed.pressed) == ("pause", "1", True)
    assert pressed.address == talk.heard[0].address
    assert stage.texts(address) == ["pause 1"]
    assert len(stage.requests("answerCallbackQuery")) == 1


async def test_who_pressed_is_asked_about_again_each_time(stage: TelegramStage) -> None:
    address = stage.open_chat("supergroup")
    talk = Talk(stage, by_list)
    async with listening(stage.adapter, talk):
        await soon(stage.ask(address, "/list", admin=True))
        await soon(stage.ask(address, "/list", admin=False))
        for user in (MEMBER, ADMIN):
            await soon(stage.sandbox.telegram.press(address.chat, user, "Pause"))
    assert [(command.user.name, command.is_admin) for command in talk.heard[-2:]] == [(MEMBER, False), (ADMIN, True)]


async def test_a_refusal_is_seen_by_who_pressed_and_the_message_stays_as_it_was(stage: TelegramStage) -> None:
    address = stage.open_chat("supergroup")

    def refuse(command: Command) -> Answer:
        return LIST if command.name == "list" else Answer(RichText("Only admins may do that."), aside=True)

    async with listening(stage.adapter, Talk(stage, refuse)):
        await soon(stage.ask(address, "/list", admin=True))
        assert await soon(stage.sandbox.telegram.press(address.chat, MEMBER, "Pause")) == "Only admins may do that."
    assert stage.texts(address) == ["1. Storm"]
    (request,) = stage.requests("answerCallbackQuery")
    assert request["show_alert"] is True


async def test_a_refusal_too_long_for_a_note_is_said_below(stage: TelegramStage) -> None:
    address = stage.open_chat("supergroup")
    long = "No, and here is why. " * 20

    def refuse(command: Command) -> Answer:
        return LIST if command.name == "list" else Answer(RichText(long), aside=True)

    async with listening(stage.adapter, Talk(stage, refuse)):
        await soon(stage.ask(address, "/list", admin=True))
        await soon(stage.sandbox.telegram.press(address.chat, MEMBER, "Pause"))
    assert stage.texts(address) == ["1. Storm", long.strip()]


async def test_a_press_that_nothing_is_said_to_stops_waiting(stage: TelegramStage) -> None:
    address = stage.open_chat("private")

    def say_nothing(command: Command) -> Answer:
        return LIST if command.name == "list" else Answer(RichText())

    talk = Talk(stage, say_nothing)
    chat = stage.sandbox.telegram.world.find(address.chat)
    async with listening(stage.adapter, talk):
        await soon(stage.ask(address, "/list", admin=True))
        stage.sandbox.telegram.world.pressed(
            chat, list(chat.posts.values())[-1], stage.sandbox.telegram.world.person(ADMIN), "pause 1"
        )
        await soon(stage.ask(address, "/list", admin=True))
    assert len(stage.requests("answerCallbackQuery")) == 1


async def test_where_the_pressed_message_is_gone_the_answer_is_said_anew(stage: TelegramStage) -> None:
    address = stage.open_chat("supergroup")

    def vanish(command: Command) -> Answer:
        if command.pressed:
            stage.delete(address, command.reply_to.partition("/")[0])
        return by_list(command)

    async with listening(stage.adapter, Talk(stage, vanish)):
        await soon(stage.ask(address, "/list", admin=True))
        assert await soon(stage.sandbox.telegram.press(address.chat, ADMIN, "Pause")) == "pause 1"
    assert stage.texts(address) == ["pause 1"]


async def test_readers_of_a_channel_press_as_anybody_would(stage: TelegramStage) -> None:
    address = stage.open_chat("channel")
    chat = stage.sandbox.telegram.world.find(address.chat)
    chat.admins.append(stage.sandbox.telegram.world.person(MEMBER))  # so that nobody can tell who asks
    talk = Talk(stage, by_list)
    async with listening(stage.adapter, talk):
        await soon(stage.ask(address, "/list", admin=True))
        await soon(stage.sandbox.telegram.press(address.chat, "a reader", "Pause"))
    assert (talk.heard[-1].user.name, talk.heard[-1].is_admin) == ("a reader", False)


# ── questions ────────────────────────────────────────────────────────────────────────────────────────────────────


def asking(command: Command) -> Answer:
    """Ask for words where none were given."""
    if command.name == "filter" and command.arguments in ("", "2"):
        return Answer(RichText("Which words?"), asks=f"filter {command.arguments}".strip())
    return by_list(command)


@pytest.mark.parametrize(("typed", "line"), [("/filter", "kyiv -sport"), ("/filter 2", "2 kyiv -sport")])
@pytest.mark.parametrize("kind", ["private", "group", "forum"])
async def test_what_an_answer_asks_for_is_typed_as_a_reply_to_it(
    stage: TelegramStage, kind: str, typed: str, line: str
) -> None:
    address = stage.open_chat(kind, () if kind == "group" else ("all",))
    talk = Talk(stage, asking)
    async with listening(stage.adapter, talk):
        (question,) = await soon(stage.ask(address, typed, admin=True))
        assert question == f"Which words?\n\nReply to this message, or send {typed} …"
        asked = stage.shown(address)[-1].id
        said = await soon(stage.sandbox.telegram.reply(address.chat, asked, ADMIN, "kyiv -sport"))
    assert said == [f"filter {line}"]
    assert (talk.heard[-1].name, talk.heard[-1].arguments) == ("filter", line)
    (first, *_) = stage.requests("sendMessage")
    assert first["reply_markup"]["force_reply"] is True


@pytest.mark.parametrize(("kind", "of_all"), [("private", False), ("group", True)])
async def test_a_button_for_what_is_typed_asks_for_it_below_and_leaves_the_list_as_it_is(
    stage: TelegramStage, kind: str, of_all: bool
) -> None:
    """Only a new message can make the person's app open a reply; `of_all`: in a group it must not make everybody's."""
    address = stage.open_chat(kind)

    def ask(command: Command) -> Answer:
        if command.name == "list":
            return Answer(RichText("1. Storm"), ((Button("Change…", "filter 2", asks=True, typed="kyiv"),),))
        typed = command.arguments.removesuffix(TO_BE_TYPED).strip()
        asked = Answer(RichText("Which words?"), asks=f"filter {typed}")
        return asked if command.arguments.endswith(TO_BE_TYPED) else by_list(command)

    talk = Talk(stage, ask)
    async with listening(stage.adapter, talk):
        await soon(stage.ask(address, "/list", admin=True))
        await soon(stage.sandbox.telegram.press(address.chat, ADMIN, "Change…"))
        asked = stage.shown(address)[-1].id
        said = await soon(stage.sandbox.telegram.reply(address.chat, asked, ADMIN, "kyiv -sport"))
    assert said == ["filter 2 kyiv -sport"]
    assert stage.texts(address)[:2] == ["1. Storm", "Which words?\n\nReply to this message, or send /filter 2 …"]
    markup = stage.requests("sendMessage")[1]["reply_markup"]
    assert (markup["force_reply"], markup.get("selective", False)) == (True, of_all)


async def test_a_reply_to_anything_else_is_no_command(stage: TelegramStage) -> None:
    address = stage.open_chat("private")
    talk = Talk(stage, by_list)
    async with listening(stage.adapter, talk):
        await soon(stage.ask(address, "/list", admin=True))
        posts = stage.sandbox.telegram.world.find(address.chat).posts
        for message in list(posts.values()):
            _type(stage, address, message.id, "thank you")
        await soon(stage.ask(address, "/list", admin=True))
    assert [command.name for command in talk.heard] == ["list", "list"]


def _type(stage: TelegramStage, address: Address, reply_to: int, text: str) -> None:
    world = stage.sandbox.telegram.world
    chat = world.find(address.chat)
    world.tell(chat, world.new_post(chat, world.person(ADMIN), text=text, reply_to=reply_to))
