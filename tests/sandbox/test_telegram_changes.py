"""Edits, removals and pins: what can become what, for how long, and who may."""

from __future__ import annotations

import pytest
from telegram import Bot, InputMediaPhoto
from telegram.error import BadRequest

from sandbox.pictures import picture
from sandbox.server import Sandbox

from .conftest import Clock


async def test_an_edit_shows_in_the_chat_and_the_same_edit_again_is_refused(
    sandbox: Sandbox, bot: Bot, group: str
) -> None:
    sent = await bot.send_message(group, "seven aboard")
    await bot.edit_message_text("nine aboard", group, sent.message_id)
    (shown,) = sandbox.telegram.chats()[0].messages
    assert (shown.text, shown.edited) == ("nine aboard", True)
    with pytest.raises(BadRequest, match="Message is not modified"):
        await bot.edit_message_text("nine aboard", group, sent.message_id)


async def test_a_photo_has_no_text_and_a_text_no_caption(bot: Bot, group: str) -> None:
    photo, text = await bot.send_photo(group, picture("a")), await bot.send_message(group, "x")
    with pytest.raises(BadRequest, match="There is no text in the message to edit"):
        await bot.edit_message_text("y", group, photo.message_id)
    with pytest.raises(BadRequest, match="There is no caption in the message to edit"):
        await bot.edit_message_caption(group, text.message_id, caption="y")


async def test_a_text_becomes_a_photo_but_never_the_other_way_round(sandbox: Sandbox, bot: Bot, group: str) -> None:
    sent = await bot.send_message(group, "soon")
    media = InputMediaPhoto("https://harbour.example/a.jpg", caption="here")
    await bot.edit_message_media(media, group, sent.message_id)
    (shown,) = sandbox.telegram.chats()[0].messages
    assert (shown.text, shown.media) == ("here", ("https://harbour.example/a.jpg",))
    with pytest.raises(BadRequest, match="There is no text"):
        await bot.edit_message_text("gone", group, sent.message_id)


async def test_the_same_picture_and_caption_again_is_no_modification(bot: Bot, group: str) -> None:
    media = InputMediaPhoto("https://harbour.example/a.jpg", caption="here")
    sent = await bot.send_photo(group, media.media, caption="here")
    with pytest.raises(BadRequest, match="Message is not modified"):
        await bot.edit_message_media(media, group, sent.message_id)


async def test_only_ones_own_messages_that_are_there_can_be_edited(sandbox: Sandbox, bot: Bot, private: str) -> None:
    with pytest.raises(BadRequest, match="Message to edit not found"):
        await bot.edit_message_text("x", private, 999)
    chat = sandbox.telegram.world.find(private)
    typed = sandbox.telegram.world.new_post(chat, chat.admins[0], text="mine")
    with pytest.raises(BadRequest, match="Message can't be edited"):
        await bot.edit_message_text("x", private, typed.id)


async def test_a_message_can_be_removed_for_48_hours(sandbox: Sandbox, bot: Bot, group: str, clock: Clock) -> None:
    first, second = await bot.send_message(group, "one"), await bot.send_message(group, "two")
    clock.advance(hours=47, minutes=59)
    await bot.delete_message(group, first.message_id)
    clock.advance(minutes=1)
    with pytest.raises(BadRequest, match="Message can't be deleted"):
        await bot.delete_message(group, second.message_id)
    view = sandbox.telegram.chats()[0]
    assert [message.text for message in view.messages] == ["two"]
    assert view.deleted == ((str(first.message_id), "one"),)


async def test_in_a_private_chat_the_refusal_is_worded_differently(bot: Bot, private: str, clock: Clock) -> None:
    sent = await bot.send_message(private, "one")
    clock.advance(hours=48)
    with pytest.raises(BadRequest, match="Message can't be deleted for everyone"):
        await bot.delete_message(private, sent.message_id)


async def test_a_message_that_is_gone_cannot_be_removed_or_edited(bot: Bot, group: str) -> None:
    sent = await bot.send_message(group, "one")
    await bot.delete_messages(group, [sent.message_id, 9999])
    with pytest.raises(BadRequest, match="Message to delete not found"):
        await bot.delete_message(group, sent.message_id)
    with pytest.raises(BadRequest, match="Message to edit not found"):
        await bot.edit_message_text("x", group, sent.message_id)


async def test_a_pin_shows_and_is_told_to_the_bot_by_a_service_message(
    sandbox: Sandbox, bot: Bot, channel: str
) -> None:
    sent = await bot.send_message(channel, "Summary")
    await bot.pin_chat_message(channel, sent.message_id, disable_notification=True)
    assert sandbox.telegram.chats()[0].messages[0].pinned
    updates = await bot.get_updates(timeout=0)
    pinned = updates[-1].channel_post
    assert pinned is not None
    assert pinned.pinned_message is not None
    assert (await bot.get_chat(channel)).pinned_message is not None
    await bot.unpin_chat_message(channel, sent.message_id)
    assert not sandbox.telegram.chats()[0].messages[0].pinned
    with pytest.raises(BadRequest, match="Chat_not_modified"):
        await bot.unpin_chat_message(channel, sent.message_id)


@pytest.mark.parametrize(("kind", "right"), [("supergroup", "can_delete_messages"), ("channel", "can_post_messages")])
async def test_pinning_needs_its_right(sandbox: Sandbox, bot: Bot, kind: str, right: str) -> None:
    chat, _ = sandbox.telegram.create_chat(kind, "Quiet", ["ada"], [right])
    sent = await bot.send_message(chat, "x")
    with pytest.raises(BadRequest, match="Not enough rights to manage pinned messages in the chat"):
        await bot.pin_chat_message(chat, sent.message_id)
    with pytest.raises(BadRequest, match="Message to pin not found"):
        await bot.pin_chat_message(chat, 999)
