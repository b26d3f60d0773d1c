"""What `liverelay preview` shows: the messages that a page would become in a chat of one platform."""

from __future__ import annotations

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from rich.console import Console, Group
from rich.panel import Panel
from rich.text import Text

from adapters.terminal import printable, rendered

from .compare import entries_of
from .compose import compose
from .message import Message
from .model import Platform, Snapshot, SourceTitle, Style

_PLACES = {"summary": 0, "entry": 1, "end": 2}


def messages(snapshot: Snapshot) -> Iterator[Message]:
    """Return what a chat would be sent: the summary, the entries oldest first, the end."""
    source = SourceTitle(snapshot.source_name, snapshot.title or "", snapshot.url)
    for entry in sorted(entries_of(snapshot, "live"), key=lambda entry: (_PLACES[entry.kind], -entry.position)):
        yield compose(entry, source=source, style=Style(), zone=ZoneInfo("UTC"))


def show(snapshot: Snapshot, platform: Platform) -> None:
    """Print the messages as a chat of that platform would show them."""
    console = Console(highlight=False)
    for message in messages(snapshot):
        for drawn in _drawn(message, platform):
            if platform == "terminal":
                # In a file lines are as long as they are.
                console.print(drawn, end="\n\n", soft_wrap=not console.is_terminal)
            else:
                console.print(Panel(drawn, width=min(console.width, 78)))


def _drawn(message: Message, platform: Platform) -> Iterator[Text | Group]:
    if platform == "telegram":
        from adapters.telegram import render as telegram  # noqa: PLC0415  # needs the Telegram library

        for part in range(len(telegram.parts(message))):
            shown = telegram.shown(message, part)
            yield Group(*_line("[photo] ", shown.photo), Text(printable(shown.words.text)))
    elif platform == "discord":
        from adapters.discord import render as discord  # noqa: PLC0415  # needs the Discord library

        for part in range(len(discord.parts(message))):
            for embed in discord.embeds(message, part):
                words = Text(printable(embed.title or ""), "bold"), Text(printable(embed.description or ""))
                below = *_line("[image] ", embed.image.url), *_line("", embed.footer.text)
                yield Group(*_line("", embed.author.name), *words, *below)
    else:
        yield rendered(message)


def _line(mark: str, text: str | None) -> Iterator[Text]:
    if text:
        yield Text(mark + printable(text), "dim")
