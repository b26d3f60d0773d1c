"""What a person sees who opens a channel: text without markup, embeds included."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from ..platform import ChatView, Shown
from .guilds import COMMAND_ANSWER, DEFAULT, FORUM, LOADING, REPLY, SILENT, SUPPRESS_EMBEDS, Channel, Message

_LITERAL = re.compile(r"\\([^0-9A-Za-z\s])|```(?:\w*\n)?(.+?)```|`([^`]+)`", re.DOTALL)
"""What an escape or code says is no markup."""
_MASKED = re.compile(
    r"\[((?:(?!https?://)[^\[\]])*)\]\(<?https?://[^()\s<>]*(?:\([^()\s]*\)[^()\s<>]*)*>?(?: \"[^\"]*\")?\)"
)
"""A link behind words; Discord shows it as it is written where the words are an address themselves."""
_ADDRESS = re.compile(r"<(https?://[^\s<>]+)>|(https?://[^\s<]+[^<.,:;\"')\]\s])")
_CHANNEL, _ROLE = re.compile(r"<#(\d+)>"), re.compile(r"<@&(\d+)>")
_HIDDEN = 0xE000  # characters that are no markup stand in a private plane while the markup goes
_MARKUP: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"<t:(\d+)(?::[tTdDfFR])?>"), r"\1"),
    (re.compile(r"^(?:#{1,3}|-#|>>>|>) +", re.MULTILINE), ""),
    (re.compile(r"\*\*\*(\S(?:.*?\S)??)\*\*\*", re.DOTALL), r"\1"),
    (re.compile(r"\*\*(\S(?:.*?\S)??)\*\*", re.DOTALL), r"\1"),
    (re.compile(r"__(\S(?:.*?\S)??)__", re.DOTALL), r"\1"),
    (re.compile(r"~~(\S(?:.*?\S)??)~~", re.DOTALL), r"\1"),
    (re.compile(r"\|\|(.+?)\|\|", re.DOTALL), r"\1"),
    (re.compile(r"\*(\S(?:.*?\S)??)\*", re.DOTALL), r"\1"),
    (re.compile(r"(?<!\w)_(\S(?:.*?\S)??)_(?!\w)", re.DOTALL), r"\1"),
)


def view(channel: Channel) -> ChatView | None:
    """Return a channel as it is now; None for one in which nobody reads."""
    here = [message for message in channel.messages.values() if _by_bot(message)]
    gone = [message for message in channel.deleted if _by_bot(message)]
    has_threads = any(one.parent is channel for one in channel.guild.channels.values())
    if not here and not gone and (channel.type == FORUM or has_threads):
        return None
    return ChatView(
        platform="discord",
        chat=str(channel.above.id),
        thread=str(channel.id) if channel.parent else "",
        kind=channel.kind if not channel.parent or channel.parent.type != FORUM else "forum",
        title=channel.title,
        messages=tuple(_shown(message) for message in here),
        deleted=tuple((str(message.id), text_of(message)) for message in gone),
    )


def text_of(message: Message) -> str:
    """Return what stands in a message."""
    if message.flags & LOADING:
        return f"{message.author.name} is thinking…"
    shown = [] if message.flags & SUPPRESS_EMBEDS else message.embeds
    guild = message.channel.guild
    names = {number: f"#{channel.name}" for number, channel in guild.channels.items()}
    names |= {role.id: f"@{role.name}" for role in guild.roles}
    parts = [plain(message.content, names), *(part for embed in shown for part in _parts(embed))]
    return "\n".join(part for part in (*parts, *map(plain, _texts(message.components))) if part)


def plain(markdown: str, names: Mapping[int, str] = MappingProxyType({})) -> str:
    """Return text as Discord shows it: links as their words, channels and roles by name, escapes as themselves."""
    text = _LITERAL.sub(lambda found: _hide(found[1] or found[2] or found[3]), markdown)
    text = _CHANNEL.sub(lambda found: _hide(names.get(int(found[1]), "#unknown")), text)
    text = _ROLE.sub(lambda found: _hide(names.get(int(found[1]), "@unknown-role")), text)
    text = _MASKED.sub(r"\1", text)
    text = _ADDRESS.sub(lambda found: _hide(found[1] or found[2]), text)
    for pattern, kept in _MARKUP:
        text = pattern.sub(kept, text)
    return "".join(chr(ord(one) - _HIDDEN) if _HIDDEN <= ord(one) < _HIDDEN + 0x80 else one for one in text)


def _hide(text: str) -> str:
    return "".join(chr(_HIDDEN + ord(one)) if ord(one) < 0x80 else one for one in text)


def _by_bot(message: Message) -> bool:
    return message.author.is_bot and message.type in (DEFAULT, REPLY, COMMAND_ANSWER)


def _shown(message: Message) -> Shown:
    return Shown(
        id=str(message.id),
        text=text_of(message),
        media=tuple(_media(message)),
        edited=message.edited_at is not None,
        pinned=message.pinned_at is not None,
        silent=bool(message.flags & SILENT),
        sent_at=message.sent_at,
        pinged=tuple(role.name for role in message.called),
    )


def _parts(embed: dict[str, Any]) -> Iterator[str]:
    """Top to bottom as Discord shows an embed; in the names of authors and in footers markup is no markup."""
    yield (embed.get("author") or {}).get("name", "")
    yield plain(embed.get("title", ""))
    yield plain(embed.get("description", ""))
    for field in embed.get("fields", ()):
        yield plain(field["name"])
        yield plain(field["value"])
    yield (embed.get("footer") or {}).get("text", "")


def _texts(components: list[dict[str, Any]]) -> Iterator[str]:
    for component in components:
        yield str(component.get("content") or component.get("label") or "")
        yield from _texts(component.get("components") or [])


def _media(message: Message) -> Iterator[str]:
    yield from (one["filename"] for one in message.attachments)
    if not message.flags & SUPPRESS_EMBEDS:
        for embed in message.embeds:
            for part in ("image", "thumbnail", "video"):
                if part in embed:
                    yield embed[part]["url"]
