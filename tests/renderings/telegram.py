"""What a Telegram chat shows of each rendering: sent by the real adapter, read from the stand-in."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime

from adapters.telegram.adapter import TelegramAdapter
from bot.model import Address
from sandbox.server import Sandbox, specs_from
from sandbox.telegram.chats import Post

from .document import bubble
from .playing import play
from .told import RENDERINGS, Rendering

PAGE = "telegram.md"


async def chats() -> list[tuple[Rendering, list[Post]]]:
    """Tell each rendering to a chat of its own and return what stands there then."""
    async with Sandbox(specs=specs_from(os.environ)) as sandbox:
        adapter = TelegramAdapter(
            "424242:renderings", api_url=sandbox.telegram_url, commands=(), now=lambda: datetime.now(UTC)
        )
        await adapter.connect()
        try:
            told = [(rendering, await _told(sandbox, adapter, rendering)) for rendering in RENDERINGS]
        finally:
            await adapter.close()
        assert [(call.method, call.problems) for call in sandbox.calls.wrong] == []
    return told


async def _told(sandbox: Sandbox, adapter: TelegramAdapter, rendering: Rendering) -> list[Post]:
    chat, _ = sandbox.telegram.create_chat("channel", rendering.name, ["ada"], ["all"])
    await play(adapter, Address("telegram", adapter.bot, chat), rendering)
    return [post for post in sandbox.telegram.world.find(chat).posts.values() if not post.service]


async def draw() -> str:
    """Return all renderings as the document shows them."""
    return "\n\n".join(
        f"### {rendering.name}\n\n{rendering.shows}\n\n```text\n{_shown(posts)}\n```"
        for rendering, posts in await chats()
    )


def _shown(posts: list[Post]) -> str:
    return "\n".join(bubble(post.text, above=_above(post), below=_below(post)) for post in posts)


def _above(post: Post) -> Iterator[str]:
    if post.pinned:
        yield "pinned"
    if post.photo:
        yield f"{'photo of an album' if post.album else 'photo'}: {post.photo.source}"
    if post.preview and post.preview.get("show_above_text"):
        yield f"large preview: {post.preview['url']}"


def _below(post: Post) -> Iterator[str]:
    if post.edited_at:
        yield "edited"
