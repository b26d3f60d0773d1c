"""Telegram keeps the adapters' promises, and some of its own: the unmodified client against the stand-in."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.model import Image
from bot.ports import Answer, Command, Done, Moved, Refused, Sent
from bot.richtext import RichText
from sandbox.server import Sandbox

from .contract import CORRECTED, NONCE, NetworkContract, a_message, listening, sent, soon
from .telegram_stage import MEMBER, TelegramStage, on_stage

PICTURE = Image("https://pictures.example/ferry.jpg", "A ferry", "The ferry at dawn", "Harbour News")
WITH_PICTURE = a_message(images=(PICTURE,))


@pytest.fixture
async def stage(sandbox: Sandbox) -> AsyncIterator[TelegramStage]:
    async with on_stage(sandbox) as ready:
        yield ready


class TestTelegram(NetworkContract):
    """What every adapter promises."""


# ── pictures ─────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_picture_is_sent_as_a_photo_with_caption_and_credit(stage: TelegramStage) -> None:
    address = stage.open_chat()
    message = await sent(stage, address, WITH_PICTURE)
    (shown,) = stage.shown(address)
    assert message.kind == "photo"
    assert shown.media == (PICTURE.url,)
    assert "📷 The ferry at dawn — Harbour News" in shown.text


async def test_a_text_can_get_a_picture_later(stage: TelegramStage) -> None:
    address = stage.open_chat()
    message = await sent(stage, address)
    assert stage.adapter.can_edit("text", "photo")
    assert isinstance(await stage.adapter.edit(address, message, WITH_PICTURE, 0), Done)
    (shown,) = stage.shown(address)
    assert shown.media == (PICTURE.url,)


async def test_a_photo_keeps_its_picture_under_new_words(stage: TelegramStage) -> None:
    address = stage.open_chat()
    message = await sent(stage, address, WITH_PICTURE)
    assert not stage.adapter.can_edit("photo", "text")
    assert isinstance(await stage.adapter.edit(address, message, CORRECTED, 0), Done)
    (shown,) = stage.shown(address)
    assert shown.media == (PICTURE.url,)
    assert CORRECTED.headline in shown.text


async def test_words_that_are_too_long_for_a_caption_are_cut_where_the_photo_stays(stage: TelegramStage) -> None:
    address = stage.open_chat()
    message = await sent(stage, address, WITH_PICTURE)
    long = a_message(body=RichText("The harbour master spoke for a long time. " * 60))
    assert isinstance(await stage.adapter.edit(address, message, long, 0), Done)
    (text,) = stage.texts(address)
    assert text.endswith("Harbour News")
    assert "…" in text


async def test_a_text_that_became_a_photo_unheard_is_still_edited(stage: TelegramStage) -> None:
    address = stage.open_chat()
    message = await sent(stage, address)
    stage.fault("reset_after", address)
    await stage.adapter.edit(address, message, WITH_PICTURE, 0)
    assert isinstance(await stage.adapter.edit(address, message, CORRECTED, 0), Done)
    assert CORRECTED.headline in stage.texts(address)[0]


async def test_a_picture_that_telegram_cannot_fetch_refuses_the_message_as_it_is(stage: TelegramStage) -> None:
    address = stage.open_chat()
    nowhere = a_message(images=(replace(PICTURE, url="https://pictures.invalid/ferry.jpg"),))
    outcome = await stage.adapter.send(address, nowhere, 0, NONCE)
    assert outcome == Refused("Telegram could not fetch the picture", "message")


async def test_where_pictures_are_not_allowed_the_message_may_be_said_without(stage: TelegramStage) -> None:
    address = stage.open_chat("supergroup", ("can_send_messages",))
    outcome = await stage.adapter.send(address, WITH_PICTURE, 0, NONCE)
    assert outcome == Refused("the bot may not send pictures there", "message")
    assert isinstance(await stage.adapter.send(address, a_message(), 0, NONCE), Done)


# ── places and rights ────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_silent_message_does_not_ring(stage: TelegramStage) -> None:
    address = stage.open_chat("private")
    await sent(stage, address, a_message(silent=True))
    await sent(stage, address)
    assert [shown.silent for shown in stage.shown(address)] == [True, False]


async def test_a_group_that_became_a_supergroup_says_where_it_went(stage: TelegramStage) -> None:
    address = stage.open_chat("group")
    message = await sent(stage, address)
    stage.fault("migrate", address)
    for outcome in (
        await stage.adapter.send(address, a_message(), 0, NONCE),
        await stage.adapter.edit(address, message, CORRECTED, 0),
        await stage.adapter.remove(address, message),
    ):
        assert isinstance(outcome, Moved)
        assert outcome.chat.startswith("-100")


@pytest.mark.parametrize("reason", ["kicked", "left", "blocked", "deactivated", "deleted"])
async def test_every_way_of_being_shut_out_concerns_the_chat(stage: TelegramStage, reason: str) -> None:
    address = stage.open_chat("private" if reason in ("blocked", "deactivated") else "supergroup")
    stage.fault("403", address, reason=reason)
    outcome = await stage.adapter.send(address, a_message(), 0, NONCE)
    assert isinstance(outcome, Refused)
    assert outcome.about == "chat"


async def test_a_topic_that_was_closed_or_deleted_concerns_the_chat(stage: TelegramStage) -> None:
    closed, deleted = stage.open_chat(), stage.open_chat()
    stage.fault("topic_closed", closed, thread=closed.thread)
    stage.fault("topic_deleted", deleted, thread=deleted.thread)
    assert await stage.adapter.send(closed, a_message(), 0, NONCE) == Refused("the topic is closed", "chat")
    gone = Refused("the topic is not there any more", "chat")
    assert await stage.adapter.send(deleted, a_message(), 0, NONCE) == gone


async def test_a_channel_where_the_bot_may_not_post_concerns_the_chat(stage: TelegramStage) -> None:
    address = stage.open_chat("channel", ("can_invite_users",))
    outcome = await stage.adapter.send(address, a_message(), 0, NONCE)
    assert isinstance(outcome, Refused)
    assert outcome.about == "chat"


async def test_a_pin_without_the_right_to_it_is_refused_alone(stage: TelegramStage) -> None:
    address = stage.open_chat("supergroup", ("can_send_messages",))
    message = await sent(stage, address)
    outcome = await stage.adapter.pin(address, message, pinned=True)
    assert outcome == Refused("the bot lacks the right to pin messages there", "act")


async def test_what_is_two_days_old_can_no_longer_be_removed_but_edited(stage: TelegramStage) -> None:
    address = stage.open_chat()
    message = await sent(stage, address)
    stage.fault("age", address, hours=49)
    outcome = await stage.adapter.remove(address, message)
    assert isinstance(outcome, Refused)
    assert outcome.about == "act"
    assert stage.adapter.can.removes_until == timedelta(hours=48)
    assert isinstance(await stage.adapter.edit(address, message, CORRECTED, 0), Done)


async def test_a_chat_that_telegram_does_not_know_concerns_the_chat(stage: TelegramStage) -> None:
    address = replace(stage.open_chat(), chat="-1009999999999")
    nobody = Sent("12", "text", datetime.now(UTC))
    for outcome in (
        await stage.adapter.send(address, a_message(), 0, NONCE),
        await stage.adapter.remove(address, nobody),
    ):
        assert isinstance(outcome, Refused)
        assert outcome.about == "chat"


async def test_telegram_has_no_history_to_show(stage: TelegramStage) -> None:
    assert not stage.adapter.can.history
    assert isinstance(await stage.adapter.history(stage.open_chat(), datetime.now(UTC)), Refused)


# ── answers ──────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_in_a_channel_the_answer_is_quiet_and_the_command_does_not_stand_before_its_readers(
    stage: TelegramStage,
) -> None:
    address = stage.open_chat("channel")
    world = stage.sandbox.telegram.world
    world.find(address.chat).admins.append(world.person(MEMBER))  # so that nobody can tell which of them it was

    async def answer(incoming: object) -> None:
        if isinstance(incoming, Command):
            said = await stage.adapter.reply(incoming, Answer(RichText("Nothing yet.")))
            assert said == Done(str(next(reversed(world.find(address.chat).posts))))

    async with listening(stage.adapter, answer):
        assert await soon(stage.ask(address, "/list", admin=True)) == ["Nothing yet."]
    posts = world.find(address.chat).posts.values()
    assert [(post.text, post.silent) for post in posts] == [("Nothing yet.", True)]


async def test_an_answer_is_said_even_where_the_command_was_deleted_meanwhile(stage: TelegramStage) -> None:
    address = stage.open_chat("supergroup")
    world = stage.sandbox.telegram.world

    async def answer(incoming: object) -> None:
        if isinstance(incoming, Command):
            stage.delete(address, incoming.reply_to)
            assert await stage.adapter.reply(incoming, Answer(RichText("Nothing yet."))) == Done()

    async with listening(stage.adapter, answer):
        assert await soon(stage.ask(address, "/list", admin=True)) == ["Nothing yet."]
    assert world.find(address.chat).posts


async def test_links_in_an_answer_show_no_preview(stage: TelegramStage) -> None:
    address = stage.open_chat("private")

    async def answer(incoming: object) -> None:
        if isinstance(incoming, Command):
            await stage.adapter.reply(incoming, Answer(RichText("A page").marked("link", "https://harbour.example/")))

    async with listening(stage.adapter, answer):
        assert await soon(stage.ask(address, "/list", admin=True)) == ["A page"]
    (request,) = stage.requests("sendMessage")
    assert request["link_preview_options"] == {"is_disabled": True}


async def test_a_message_may_carry_buttons_and_an_edit_takes_them_away(stage: TelegramStage) -> None:
    address = stage.open_chat()
    told = a_message(kind="note", presses=(("Follow it there", "move 3 next"),))
    message = await sent(stage, address, told)
    (asked,) = stage.requests("sendMessage")
    keyboard = asked["reply_markup"]
    keyboard = json.loads(keyboard) if isinstance(keyboard, str) else keyboard
    assert keyboard == {"inline_keyboard": [[{"text": "Follow it there", "callback_data": "move 3 next"}]]}
    await stage.adapter.edit(address, message, replace(told, headline="It went on", presses=()), 0)
    assert not stage.requests("editMessageText")[0].get("reply_markup")
