"""Draws docs/chat.svg: what the sandbox's fictional page looks like in a Telegram chat and in a Discord channel.

The words come the whole way, as they would in a chat: the page as HTML, the reader, the core, the adapters' renderers.
Only fonts, frames and the picture are drawn here. A test says when it must be drawn again:

    .venv/bin/python scripts/draw_chat.py
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from html import escape
from pathlib import Path

from adapters.discord import render as discord
from adapters.discord.markdown import unescape
from adapters.telegram import render as telegram
from bot.message import Message
from bot.model import Page
from bot.previewing import messages
from bot.sources.read import read
from sandbox.page import LivePage
from sandbox.page_html import render
from sandbox.script import STEPS, TITLE, prepare

TARGET = Path(__file__).parents[1] / "docs" / "chat.svg"
SHOWN = (TITLE, "Who is on board? Nine, not seven", "Marigold is under tow", "The lamp never went out")
PINNED, CORRECTED = SHOWN[0], SHOWN[1:3]
SITE = "https://sandbox.example"
FONT = "-apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"
SIZE, LEADING, WIDTH, TOP = 13.0, 19, 440, 56
NARROW, WIDE = set("ijltfr.,:;'|!()[]· "), set("mwMWQO@—…")
TIMESTAMP = re.compile(r"<t:(\d+):f>")
LINK = re.compile(r"\[(?P<words>(?:[^\]\\]|\\.)*)\]\(<[^>]*>\)")


@dataclass(frozen=True, slots=True)
class Run:
    """Words of one look: any of bold, italic, link, small."""

    text: str
    looks: frozenset[str] = frozenset()


@dataclass(slots=True)
class Canvas:
    """SVG elements, from top to bottom; `y` is where the next one goes."""

    y: float
    drawn: list[str] = field(default_factory=list)

    def write(self, runs: Sequence[Run], x: float, width: float, colours: dict[str, str]) -> None:
        """Write runs as lines no wider than `width`."""
        for line in _lines(runs, width):
            self.y += LEADING
            spans = "".join(f"<tspan{_style(run.looks, colours)}>{escape(run.text)}</tspan>" for run in line)
            self.drawn.append(
                f'<text x="{x}" y="{self.y - 5:g}" fill="{colours[""]}" xml:space="preserve">{spans}</text>'
            )

    def picture(self, x: float, width: float) -> None:
        """Draw a lightship behind a tug, where the platform shows the photo."""
        height, scale = width * 0.42, width / 400
        self.drawn.append(
            f'<svg x="{x}" y="{self.y:g}" width="{width}" height="{height:g}" viewBox="0 0 400 168">{SHIP}</svg>'
        )
        self.y += height + 4 * scale


SHIP = (
    '<rect width="400" height="168" fill="#8fa3b5"/><rect y="60" width="400" height="50" fill="#b9c3c9"/>'
    '<path d="M0 112q25-9 50 0t50 0 50 0 50 0 50 0 50 0 50 0 50 0V168H0z" fill="#4a6678"/>'
    '<path d="M62 96h96l-12 26H76z" fill="#c0362c"/><path d="M108 96V46m-4 0h8v-10h-8z" stroke="#43302b" '
    'stroke-width="3" fill="#ffe9a0"/><path d="M84 96l24-44 28 44" stroke="#43302b" fill="none"/>'
    '<path d="M158 102Q220 116 268 106" stroke="#3a3a3a" fill="none"/>'
    '<path d="M262 98h66l-10 24h-46z" fill="#2f4858"/><path d="M284 98V80h24v18z" '
    'fill="#e8e2d0"/><path d="M312 98V74h9v24z" fill="#c98a2b"/>'
    '<path d="M0 128q25-9 50 0t50 0 50 0 50 0 50 0 50 0 50 0 50 0V168H0z" fill="#5d7b8c" opacity=".8"/>'
)


# ── the words ────────────────────────────────────────────────────────────────────────────────────────────────────


def told() -> list[Message]:
    """Return what the chats of the demo are told, after the newsroom has played its script."""
    now = datetime(2026, 2, 14, 7, 40, tzinfo=UTC)
    page = LivePage("live", lambda: now)
    prepare(page)
    for step in STEPS:
        now += timedelta(seconds=step.after * 30)
        page.act(step.act)
    html = render(page.current, address=f"{SITE}{page.path}", root=SITE, number=1, now=now)
    assert html is not None
    by_headline = {message.headline: message for message in messages(read(Page(html.encode(), SITE, now)))}
    return [by_headline[headline] for headline in SHOWN]


def telegram_runs(message: Message) -> tuple[list[Run], bool]:
    """Return what Telegram's renderer says, and whether it is a photo."""
    shown = telegram.shown(message)
    units = shown.words.text.encode("utf-16-le")
    looks: list[set[str]] = [set() for _ in range(len(units) // 2)]
    for entity in shown.words.entities:
        for place in range(entity.offset, entity.offset + entity.length):
            looks[place].add("link" if entity.url else str(entity.type))
    pieces: list[Run] = []
    place = 0
    for sign in shown.words.text:
        pieces.append(Run(sign, frozenset(looks[place])))
        place += len(sign.encode("utf-16-le")) // 2
    return pieces, bool(shown.photo)


def markdown_runs(written: str) -> Iterator[Run]:
    """Return a Discord description as runs: its links, and words without backslashes."""
    written = TIMESTAMP.sub(lambda found: f"{datetime.fromtimestamp(int(found[1]), UTC):%-d %B %Y %H:%M}", written)
    end = 0
    for link in LINK.finditer(written):
        yield Run(unescape(written[end : link.start()]))
        yield Run(unescape(link["words"]), frozenset({"link"}))
        end = link.end()
    yield Run(unescape(written[end:]))


# ── the lines ────────────────────────────────────────────────────────────────────────────────────────────────────


def _lines(runs: Sequence[Run], width: float) -> Iterator[list[Run]]:
    """Break runs into lines at spaces."""
    line: list[Run] = []
    used = 0.0
    for word in _words(runs):
        if word.text == "\n":
            yield line
            line, used = [], 0.0
            continue
        wide = _width(word)
        if used + wide > width and line:
            yield line
            line, used = [], 0.0
        line.append(word)
        used += wide
    yield line


def _words(runs: Iterable[Run]) -> Iterator[Run]:
    """Return words with the space behind them, and line ends, each by itself."""
    pending = Run("")
    for run in runs:
        for piece in re.findall(r"\n|[^\s]+[ ]*|[ ]+", run.text):
            if pending.text and (piece == "\n" or pending.text[-1] == " " or run.looks != pending.looks):
                yield pending
                pending = Run("")
            if piece == "\n":
                yield Run("\n")
            else:
                pending = Run(pending.text + piece, run.looks)
    if pending.text:
        yield pending


def _width(run: Run) -> float:
    size = SIZE * (0.9 if "small" in run.looks else 1.0) * (1.15 if "bold" in run.looks else 1.0)
    return sum(
        size * (0.36 if sign in NARROW else 0.95 if sign in WIDE else 1.4 if ord(sign) > 0x2FFF else 0.61)
        for sign in run.text
    )


def _style(looks: frozenset[str], colours: dict[str, str]) -> str:
    styled = {"bold": ' font-weight="600"', "italic": ' font-style="italic"', "small": ' font-size="12"'}
    return "".join(styled[look] for look in sorted(looks & styled.keys())) + (
        f' fill="{colours["link"]}"' if "link" in looks else f' fill="{colours["small"]}"' if "small" in looks else ""
    )


# ── the chats ────────────────────────────────────────────────────────────────────────────────────────────────────


def telegram_chat(told: Sequence[Message], x: float) -> Canvas:
    """Draw bubbles under a bar that shows what is pinned."""
    colours = {"": "#0f1419", "link": "#2a7ab9", "small": "#6d7f8f"}
    canvas = Canvas(TOP)
    pinned = [Run("Pinned message\n", frozenset({"link", "bold"})), Run(PINNED[:56] + "…")]
    canvas.drawn.append(f'<rect x="{x}" y="{TOP}" width="{WIDTH}" height="52" fill="#fff"/>')
    canvas.drawn.append(f'<rect x="{x + 10}" y="{TOP + 8}" width="3" height="36" fill="#2a7ab9"/>')
    canvas.y += 5
    canvas.write(pinned, x + 22, WIDTH - 30, colours)
    canvas.y = TOP + 64
    for message in told:
        runs, photo = telegram_runs(message)
        bubble, canvas.y = canvas.y, canvas.y + (0 if photo else 8)
        place = len(canvas.drawn)
        if photo:
            canvas.picture(x + 12, WIDTH - 60)
        canvas.write(runs, x + 24, WIDTH - 84, colours)
        if message.headline in CORRECTED:
            canvas.write([Run("edited", frozenset({"small"}))], x + WIDTH - 100, 60, colours)
        canvas.y += 10
        canvas.drawn.insert(place, box((x + 12, bubble), WIDTH - 60, canvas.y - bubble, "#fff"))
        canvas.y += 10
    return canvas


def discord_channel(told: Sequence[Message], x: float) -> Canvas:
    """Draw embeds, each with the bar of its colour."""
    colours = {"": "#dbdee1", "link": "#00a8fc", "small": "#949ba4"}
    canvas = Canvas(TOP + 4)
    for message in told:
        name = [Run("LiveRelay", frozenset({"bold"})), Run("  APP", frozenset({"small"}))]
        if message.headline == PINNED:
            name.append(Run("   📌 pinned", frozenset({"small"})))
        if message.headline in CORRECTED:
            name.append(Run("   (edited)", frozenset({"small"})))
        canvas.write(name, x + 14, WIDTH - 30, colours)
        canvas.y += 4
        for embed in discord.embeds(message):
            top, place = canvas.y, len(canvas.drawn)
            canvas.y += 8
            canvas.write([Run(unescape(embed.title or ""), frozenset({"bold", "link"}))], x + 30, WIDTH - 70, colours)
            canvas.write([*markdown_runs(embed.description or "")], x + 30, WIDTH - 70, colours)
            if embed.image.url:
                canvas.y += 6
                canvas.picture(x + 30, WIDTH - 76)
            if embed.footer.text:
                canvas.write([Run(embed.footer.text, frozenset({"small"}))], x + 30, WIDTH - 70, colours)
            canvas.y += 8
            bar = f'<rect x="{x + 14}" y="{top:g}" width="4" height="{canvas.y - top:g}" rx="2" fill="{embed.colour}"/>'
            canvas.drawn[place:place] = [box((x + 14, top), WIDTH - 40, canvas.y - top, "#2b2d31", radius=4), bar]
        canvas.y += 10
    return canvas


def box(corner: tuple[float, float], width: float, height: float, colour: str, *, radius: int = 10) -> str:
    """Return a rectangle with round corners."""
    x, y = corner
    return f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="{radius}" fill="{colour}"/>'


def draw() -> str:
    """Return the whole drawing."""
    said = told()
    left, right = telegram_chat(said, 20), discord_channel(said, 500)
    bottom = max(left.y, right.y) + 6
    frames = [
        box((20, 12), WIDTH, bottom - 12, "#cfdde6"),
        box((20, 12), WIDTH, TOP, "#fff"),
        box((500, 12), WIDTH, bottom - 12, "#313338"),
    ]
    heads = [
        '<text x="36" y="40" font-weight="600" fill="#0f1419">Port Ferrow news · Telegram</text>',
        '<text x="514" y="40" font-weight="600" fill="#f2f3f5"># port-ferrow · Discord</text>',
    ]
    title = "<title>One live page as a Telegram chat and a Discord channel show it</title>"
    drawn = "\n".join((title, *frames, *heads, *left.drawn, *right.drawn))
    size = f'width="960" height="{bottom + 12:g}" viewBox="0 0 960 {bottom + 12:g}"'
    fonts = f'font-family="{escape(FONT)}" font-size="{SIZE:g}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} {fonts}>\n{drawn}\n</svg>\n'


if __name__ == "__main__":
    TARGET.write_text(draw(), encoding="utf-8")
