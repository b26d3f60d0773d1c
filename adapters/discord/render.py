"""How a Message looks on Discord: an embed; what is long and may be split takes several messages. Pure.

    author          the entry's author, small, above
    colour          the source's; red for breaking news
    title           the headline, which leads to the entry; Breaking is marked, in words and in red
    description     the body; 📷 caption and credit of the picture; footnotes; who else reported it;
                    [source](<entry>) · time
    image           the first picture; up to three more in embeds of the same address, which Discord draws as one
    footer          the label ("Analysis")

A footer cannot hold a link, so the source's name stands as the last line of the description, together with the time as
Discord's own timestamp: a server has readers in many zones, and each sees their own.

Limits (Discord's documentation, "Embed Limits"): title 256, description 4096, footer 2048, author 256, 6000 in all;
with a footer and an author of 256 at most, the sum cannot be reached.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from typing import Any

import discord
from discord.http import MultipartParameters, handle_message_parameters

from bot.languages import LANGUAGES, N_, _, translated
from bot.message import Message, MessageKind
from bot.model import Image
from bot.richtext import RichText

from .cut import cut, split
from .markdown import clean, escape, host_of, link, markdown, unescape, units, web_address

EMBED = "embed"
_BREAKING = N_("🔴 Breaking")
_TITLE = 256
_NAME = 256
_DESCRIPTION = 4096
_REPLY = 2000
_THREAD_NAME = 100
_TAIL = 1500  # ours: what stands below the body may not crowd it out
_TAIL_LINE = 700
_MOST_PICTURES = 4  # what Discord's clients put into one frame
_PART = "#part-"
_MOST_PARTS = 10  # ours: what is longer than 40,000 characters is cut

_COLOURS: dict[MessageKind, int] = {"end": 0x4F545C, "note": 0xB9770E, "withdrawn": 0x99AAB5}
_BREAKING_COLOUR = 0xD0021B
# What comes from a source has its colour; none is red or grey, and all can be told apart on a dark and a light ground.
_OF_SOURCES = (0x3B6EA5, 0xD9A400, 0x6C5CE7, 0x1F8B7A, 0x8E44AD, 0x2E9E5B, 0x0097C4, 0xC2578E, 0x7A8B1F, 0xA0673C)


def parts(message: Message) -> tuple[str, ...]:
    """Return the kinds of the platform messages that the message takes."""
    return (EMBED,) * (len(_bodies(message)) if _splits(message) else 1)


def embeds(message: Message, part: int = 0) -> list[discord.Embed]:
    """Return part number `part` of the message; of a message that has become shorter, the last there is."""
    bodies = _bodies(message)
    part = min(part, len(bodies) - 1)
    first, last = part == 0, part == len(bodies) - 1
    told = (markdown(bodies[part]), _tail(message) if last else "")
    drawn = discord.Embed(
        description="\n\n".join(filter(None, told)) or "…",
        colour=_colour(message),
    )
    if last and message.label:
        drawn.set_footer(text=_plain(message.label))
    if first:
        return [_topped(drawn, message), *_further_pictures(message)]
    drawn.url = _part_link(message, part)
    return [drawn]


def part_of(link: str) -> tuple[str, int]:
    """Return the address that an embed's address stands for, and the number of the part that has it."""
    address, _, number = link.rpartition(_PART)
    return (address, int(number) - 1) if address and number.isdecimal() else (link, 0)


def _part_link(message: Message, part: int) -> str | None:
    """Return the address of a further part, which nobody sees without a title: by it the part is found again."""
    shared = web_address(message.link)
    return f"{shared}{_PART}{part + 1}" if shared else None


def _colour(message: Message) -> int:
    """Return red for breaking news, else the source's own: the same wherever and whenever it speaks."""
    if message.breaking:
        return _BREAKING_COLOUR
    named = (message.source_name.strip() or host_of(message.link)).casefold()
    place = hashlib.sha256(named.encode("utf-8", "replace")).digest()[0] % len(_OF_SOURCES)
    return _COLOURS.get(message.kind, _OF_SOURCES[place])


def _topped(drawn: discord.Embed, message: Message) -> discord.Embed:
    drawn.title = title(message) or None
    drawn.url = web_address(message.link) or None
    if message.author:
        drawn.set_author(name=_plain(message.author))
    for picture in _pictures(message)[:1]:
        drawn.set_image(url=web_address(picture.url))
    return drawn


def _further_pictures(message: Message) -> Iterator[discord.Embed]:
    if shared := web_address(message.link):
        for picture in _pictures(message)[1:]:
            yield discord.Embed(url=shared).set_image(url=web_address(picture.url))


def parameters(*, calling: str = "", **what: Any) -> MultipartParameters:
    """Return what discord.py sends for a message; it calls nobody but, where that is said, the people of one role."""
    called = discord.AllowedMentions.none()
    if _is_id(calling):
        called.roles = [discord.Object(int(calling))]
    return handle_message_parameters(allowed_mentions=called, **what)


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdecimal()


def mention(message: Message) -> str | None:
    """Return what stands above the embed: the role that the message calls, or called; None for nothing."""
    return f"<@&{message.ping}>" if _is_id(message.ping) else None


def thread_name(message: Message) -> str:
    """Return the name of a thread that begins with the message; Discord shows no markdown there."""
    name = re.sub(r"\s+", " ", clean(message.headline)).strip()
    return cut(RichText(name), _THREAD_NAME, lambda text: text.text).text or "Live"


def headline_of(title: str) -> str:
    """Return the headline that an embed's title was made of (as far as it was not cut)."""
    told = unescape(title)
    marks = (translated(_BREAKING, language) for language in LANGUAGES)
    mark = next((mark for mark in marks if told.startswith(mark)), "")
    return told.removeprefix(mark).removeprefix(": ") if mark else told


def reply(text: RichText, channel: str = "") -> list[str]:
    """Return an answer to a command as contents of messages; at least one, none empty.

    `channel`: the id of the one that it is about, which stands above it.
    """
    head = f"<#{channel}>\n" if channel else ""
    pieces = split(text.strip(), _REPLY - len(head))
    return [head * (number == 0) + (markdown(piece).strip() or "…") for number, piece in enumerate(pieces)]


def _splits(message: Message) -> bool:
    """Whether what is too long for one message goes on in another."""
    return message.split or message.kind == "digest"


def _bodies(message: Message) -> list[RichText]:
    room = _DESCRIPTION - units(_tail(message)) - 2
    body = message.body.strip()
    if not _splits(message):
        return [cut(body, room)]
    pieces = split(body.cut(0, room * (_MOST_PARTS + 1)), room)
    if len(pieces) > _MOST_PARTS:
        pieces[_MOST_PARTS - 1 :] = [cut(pieces[_MOST_PARTS - 1] + " …", room)]
    return pieces


def title(message: Message) -> str:
    """Return the title of the message's embed."""
    headline = re.sub(r"\s+", " ", clean(message.headline)).strip()
    if message.breaking:
        mark = _(_BREAKING)
        headline = f"{mark}: {headline}" if headline else mark
    return _inline(cut(RichText(headline), _TITLE, _inline))


def _inline(text: RichText) -> str:
    return escape(text.text, addresses=False)


def _plain(name: str) -> str:
    """Authors and footers show no markdown, so they need no backslashes."""
    one_line = re.sub(r"\s+", " ", clean(name)).strip()
    return cut(RichText(one_line), _NAME, lambda text: text.text).text or "…"


def _pictures(message: Message) -> list[Image]:
    shown = [image for image in message.images if web_address(image.url)]
    return shown[: _MOST_PICTURES if web_address(message.link) else 1]


def _tail(message: Message) -> str:
    """Return what stands below the body; neither the source's line nor who else reported it is ever left out."""
    byline = "\n".join((*(markdown(cut(line.strip(), _TAIL_LINE)) for line in message.also), _byline(message)))
    kept: list[str] = []
    room = _TAIL - units(byline)
    for line in _notes(message):
        if units(line) + 1 > room:
            break
        kept.append(line)
        room -= units(line) + 1
    return "\n".join(filter(None, (*kept, byline)))


def _notes(message: Message) -> Iterator[str]:
    for picture in _pictures(message):
        if words := " — ".join(filter(None, (picture.caption.strip(), picture.credit.strip()))):
            yield markdown(cut(RichText(f"📷 {' '.join(words.split())}"), _TAIL_LINE))
    for note in message.footnotes:
        if written := markdown(cut(note.strip(), _TAIL_LINE)):
            yield written


def _byline(message: Message) -> str:
    name = cut(RichText(" ".join(message.source_name.split())), 200, _inline).text
    shown = link(name or host_of(message.link), message.link)
    return " · ".join(filter(None, (shown, _time(message))))


def _time(message: Message) -> str:
    """Return the time as Discord's own timestamp, which every reader sees in the zone and language of their client."""
    if message.time:
        return f"<t:{int(message.time.timestamp())}:f>"
    return _inline(cut(RichText(message.time_text.strip()), 100, _inline))
