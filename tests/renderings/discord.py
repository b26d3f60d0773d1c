"""What a Discord channel shows of each rendering: sent by the real adapter, read from the stand-in."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from adapters.discord.adapter import DiscordAdapter
from bot.model import Address
from sandbox.discord.guilds import Message
from sandbox.discord.shown import plain
from sandbox.server import Sandbox, specs_from

from .document import bubble
from .playing import play
from .told import RENDERINGS, Rendering

PAGE = "discord.md"
_TIME = re.compile(r"<t:(\d+)(?::[tTdDfFR])?>")


async def channels() -> list[tuple[Rendering, list[Message]]]:
    """Tell each rendering to a channel of its own and return what stands there then."""
    async with Sandbox(specs=specs_from(os.environ)) as sandbox:
        adapter = DiscordAdapter(
            "renderings",
            api_url=sandbox.discord_url,
            gateway_url=sandbox.gateway_url,
            commands=(),
            now=lambda: datetime.now(UTC),
        )
        await adapter.connect()
        try:
            told = [(rendering, await _told(sandbox, adapter, rendering)) for rendering in RENDERINGS]
        finally:
            await adapter.close()
        assert [(call.method, call.problems) for call in sandbox.calls.wrong] == []
    return told


async def _told(sandbox: Sandbox, adapter: DiscordAdapter, rendering: Rendering) -> list[Message]:
    channel, _ = sandbox.discord.create_chat("text", rendering.name, ["ada"], ["all"])
    await play(adapter, Address("discord", adapter.bot, channel), rendering)
    return [message for message in sandbox.discord.world.find(channel).messages.values() if message.author.is_bot]


COMPARED = ("Breaking", "A picture", "A quote, a list and links")
"""The renderings that the pictures of both ways show (`cards`)."""


async def compared() -> list[Card]:
    """Return what is drawn in both ways."""
    told = {rendering.name: messages for rendering, messages in await channels()}
    return [card(told[name][0].embeds) for name in COMPARED]


async def draw() -> str:
    """Return all renderings as the document shows them."""
    return "\n\n".join(
        f"### {rendering.name}\n\n{rendering.shows}\n\n```text\n{_shown(messages)}\n```"
        for rendering, messages in await channels()
    )


def _shown(messages: list[Message]) -> str:
    said = [message for message in messages if message.embeds]
    return "\n".join(bubble(_text(message), above=_above(message), below=_below(message)) for message in said)


@dataclass(frozen=True, slots=True)
class Card:
    """An embed as people see it: lines of text, top to bottom, and its pictures."""

    colour: int
    author: str
    title: str
    body: str
    footer: str
    pictures: tuple[str, ...]


def card(embeds: list[dict[str, Any]]) -> Card:
    """Return embeds of one address as the one that Discord's clients draw of them."""
    first = embeds[0]
    return Card(
        colour=int(first.get("color") or 0),
        author=_at(first, "author", "name"),
        title=plain(str(first.get("title") or "")),
        body=plain(_dated(str(first.get("description") or ""))),
        footer=_at(first, "footer", "text"),
        pictures=tuple(url for each in embeds if (url := _at(each, "image", "url"))),
    )


def _at(embed: Mapping[str, Any], thing: str, name: str) -> str:
    return str((embed.get(thing) or {}).get(name) or "")


def _dated(markdown: str) -> str:
    """Write Discord's timestamps as a reader in London sees them."""
    return _TIME.sub(lambda found: f"{datetime.fromtimestamp(int(found[1]), UTC):%d %B %Y %H:%M}", markdown)


def _text(message: Message) -> str:
    drawn = card(message.embeds)
    return "\n".join(filter(None, (drawn.author, drawn.title, drawn.body, drawn.footer)))


def _above(message: Message) -> Iterator[str]:
    if message.pinned_at:
        yield "pinned"
    yield f"bar: #{card(message.embeds).colour:06X}"


def _below(message: Message) -> Iterator[str]:
    for picture in card(message.embeds).pictures:
        yield f"picture: {picture}"
    if message.edited_at:
        yield "edited"
