"""An entry as a reply to the one before, on both platforms, through the unmodified clients."""

from __future__ import annotations

from dataclasses import replace

from bot.model import Image
from bot.ports import Done
from sandbox.server import Sandbox

from . import discord_stage, telegram_stage
from .contract import NONCE, a_message

PICTURES = (Image("https://pictures.example/a.jpg"), Image("https://pictures.example/b.jpg"))


async def test_on_telegram_a_photo_an_album_and_a_text_can_each_be_a_reply(sandbox: Sandbox) -> None:
    async with telegram_stage.on_stage(sandbox) as stage:
        address = stage.open_chat()
        before = await stage.adapter.send(address, a_message(), 0, NONCE)
        assert isinstance(before, Done)
        for images in ((), PICTURES[:1], PICTURES):
            message = a_message(images=images, reply_to=before.message_id)
            assert isinstance(await stage.adapter.send(address, message, 0, NONCE), Done)
        posts = list(sandbox.telegram.world.find(address.chat).posts.values())
        assert [post.reply_to for post in posts if not post.service] == [0, *[int(before.message_id)] * 4]


async def test_on_telegram_what_people_removed_is_replied_to_by_nobody_and_further_parts_reply_to_nothing(
    sandbox: Sandbox,
) -> None:
    async with telegram_stage.on_stage(sandbox) as stage:
        address = stage.open_chat("private")
        assert isinstance(await stage.adapter.send(address, a_message(reply_to="77"), 0, NONCE), Done)
        long = replace(a_message(reply_to="77", images=PICTURES), body=a_message().body + "Word. " * 400)
        assert isinstance(await stage.adapter.send(address, long, 1, NONCE), Done)
        assert [asked.get("reply_parameters") is None for asked in stage.requests("sendMediaGroup")] == [True]


async def test_on_discord_an_embed_can_be_a_reply_also_to_what_is_gone(sandbox: Sandbox) -> None:
    async with discord_stage.on_stage(sandbox) as stage:
        address = stage.open_chat("text")
        before = await stage.adapter.send(address, a_message(), 0, NONCE)
        assert isinstance(before, Done)
        for number, to in enumerate((before.message_id, "1234567890123456789")):
            message = a_message(reply_to=to)
            assert isinstance(await stage.adapter.send(address, message, 0, f"{NONCE[:-1]}{number + 2}"), Done)
        channel = sandbox.discord.world.channels[int(address.chat)]
        references = [message.reference for message in channel.messages.values()]
        assert [told and told["message_id"] for told in references] == [None, before.message_id, None]


async def test_on_discord_without_the_right_to_read_the_history_it_is_sent_without_being_a_reply(
    sandbox: Sandbox,
) -> None:
    async with discord_stage.on_stage(sandbox) as stage:
        address = stage.open_chat("text", ("VIEW_CHANNEL", "SEND_MESSAGES", "EMBED_LINKS"))
        message = a_message(reply_to="1234567890123456789")
        assert isinstance(await stage.adapter.send(address, message, 0, NONCE), Done)
        assert len(stage.shown(address)) == 1
