"""Whatever a page says, in whatever field: in a chat it is words, calls nobody, commands nothing, leads to the web."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count

import pytest

from bot.compose import compose
from bot.compose_digest import compose_digest
from bot.message import Message
from bot.model import Author, Clip, Entry, EntryKind, Image, SourceTitle, Style
from bot.richtext import RichText
from sandbox.server import Sandbox
from tests.adapters import discord_stage, telegram_stage
from tests.adapters.discord_markdown import read

PAYLOADS = (
    "@everyone @here",
    "<@1> <@!1> <@&1> <#1>",
    "@ada @channelname",
    "/claim x /pause@relay_bot",
    "</pause:1>",
    "<t:1:R> <:e:1> <a:e:1> <id:customize>",
    "**b** __u__ ~~s~~ ||spoiler|| `c` ```\nblock\n```",
    "# big\n-# small\n> quote\n>>> all\n- item\n1. one",
    "[click](https://evil.example) [click](<https://evil.example>)",
    "[pay](tg://user?id=1) tg://resolve?domain=x steam://run/1 javascript:alert(1)",
    "<b>bold</b><a href='tg://user?id=1'>x</a><script>alert(1)</script><tg-spoiler>s</tg-spoiler>",
    "\u202eevil.example\u202c \u2066x\u2069",
    "a\u200b@everyone\u200b <@\u200b1>",
    "\ud800\x00\x1b[31mred\x1b]8;;https://evil.example\x07",
    "&lt;@1&gt; &#64;everyone &amp;",
    "\\@everyone \\<@1> \\\\**b**",
)
LINKS = ("javascript:alert(1)", "tg://user?id=1", "data:text/html,x", "file:///etc/passwd", "steam://run/1", "//x", "")
SOURCE = SourceTitle("News", "Storm", "https://news.example/live")
HARMLESS = frozenset({"bold", "italic", "text_link", "blockquote", "code", "url"})
NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)


def _plain(payload: str, link: str) -> Entry:
    """An entry that says it in every field."""
    body = (
        RichText(payload) + "\n\n" + RichText(payload).marked("link", link) + "\n\n" + RichText(payload).marked("quote")
    )
    return Entry(
        "e",
        headline=payload,
        body=body,
        standfirst=RichText(payload),
        url=link,
        published_at=NOON,
        authors=(Author(payload, payload),),
        label=payload,
        images=(Image(link, payload, payload, payload),),
        clips=(Clip(link, payload),),
        embeds=(link,),
    )


def _said() -> list[Message]:
    """Return every payload in every kind of message and style."""
    styles = (Style(detail="full", images="all", preview=True), Style(template="{headline}\n{author} {link} {source}"))
    kinds: tuple[EntryKind, ...] = ("entry", "summary", "end", "note")
    told: list[Message] = []
    for number, payload in enumerate(PAYLOADS):
        entry = _plain(payload, LINKS[number % len(LINKS)])
        source = SourceTitle(payload, payload, SOURCE.url)
        for style in styles:
            told += [compose(replace(entry, kind=kind), source=source, style=style, zone=UTC) for kind in kinds]
        told.append(
            compose_digest((entry, entry), source=source, style=styles[0], zone=UTC, withdrawn=1, gathered=True, form=0)
        )
    return told


@pytest.mark.attack("markup and mentions")
async def test_on_telegram_no_words_of_a_page_do_anything(sandbox: Sandbox, tried: Callable[[int], None]) -> None:
    told = _said()
    tried(len(told))
    async with telegram_stage.on_stage(sandbox) as stage:
        stage.fault("unlimited")
        for message in told:
            address = stage.open_chat("channel")
            for number, _kind in enumerate(stage.adapter.parts(message)):
                await stage.adapter.send(address, message, number, "n")
    sent = [call for call in sandbox.calls.select("telegram") if call.method.lower().startswith("send")]
    assert len([call for call in sent if call.status == 200]) >= len(told)
    for call in sent:
        for entity in _entities(call.answer):
            assert entity["type"] in HARMLESS, (entity, call.request)
            assert entity.get("url", "https://").startswith(("https://", "http://"))


def _entities(answer: object) -> list[dict[str, str]]:
    """Return all that Telegram marks in what it says it shows, however deep."""
    if isinstance(answer, list):
        return [entity for each in answer for entity in _entities(each)]
    if not isinstance(answer, dict):
        return []
    own = [*answer.get("entities", []), *answer.get("caption_entities", [])]
    return own + [entity for value in answer.values() for entity in _entities(value) if value is not own]


@pytest.mark.attack("markup and mentions")
async def test_on_discord_no_words_of_a_page_do_anything(sandbox: Sandbox, tried: Callable[[int], None]) -> None:
    told = _said()
    tried(len(told))
    seconds = count()
    # A second passes whenever the adapter looks at the clock: its own pace is not what is attacked here.
    async with discord_stage.on_stage(sandbox, monotonic=lambda: float(next(seconds))) as stage:
        stage.fault("unlimited")
        for message in told:
            address = stage.open_chat("text")
            for number, _kind in enumerate(stage.adapter.parts(message)):
                await stage.adapter.send(address, message, number, f"{number:024}")
    sent = sandbox.calls.select("discord", "POST /channels/{channel_id}/messages")
    assert len([call for call in sent if call.status == 200]) >= len(told)
    for body in (call.request["body"] for call in sent):
        assert body["allowed_mentions"] == {"parse": []}
        assert "content" not in body
        for embed in body["embeds"]:
            for said in _marked(embed):
                harmful = read(said).names() & {"mention", "emoji", "command", "masked link", "spoiler", "heading"}
                assert not harmful, said
            assert all(link.startswith(("https://", "http://")) for link in _links(embed))


def _marked(embed: dict[str, object]) -> list[str]:
    """Return the parts of an embed that Discord reads as markdown."""
    fields = embed.get("fields") or []
    assert isinstance(fields, list)
    return [str(embed.get(name, "")) for name in ("title", "description")] + [
        str(field[name]) for field in fields for name in ("name", "value")
    ]


def _links(embed: dict[str, object]) -> list[str]:
    """Return where an embed leads."""
    held = [embed, *(value for value in embed.values() if isinstance(value, dict))]
    return [str(each[name]) for each in held for name in ("url", "icon_url") if each.get(name)]
