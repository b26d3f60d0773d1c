"""What `liverelay preview` shows: the messages that a page would become in a chat of one platform."""

from __future__ import annotations

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from rich.console import Console, Group
from rich.panel import Panel
from rich.text import Text

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
    console = Console(highlight=False, soft_wrap=True)
    for message in messages(snapshot):
        for drawn in _drawn(message, platform):
            console.print(Panel(drawn, width=min(console.width, 78)) if platform != "terminal" else drawn)
        if platform == "terminal":
            console.print()


def _drawn(message: Message, platform: Platform) -> Iterator[Text | Group]:
    if platform == "telegram":
        from adapters.telegram.render import drafts  # noqa: PLC0415  # needs the Telegram library

        for draft in drafts(message):
            picture = [Text(f"[photo] {draft.photo}", "dim")] if draft.photo else []
            yield Group(*picture, Text(draft.text))
    elif platform == "discord":
        from adapters.discord.render import embeds, parts  # noqa: PLC0415  # needs the Discord library

        for part in range(len(parts(message))):
            for embed in embeds(message, part):
                picture = [Text(f"[image] {embed.image.url}", "dim")] if embed.image.url else []
                above = [Text(embed.author.name, "dim")] if embed.author.name else []
                yield Group(*above, Text(embed.title or "", "bold"), Text(embed.description or ""), *picture)
    else:
        from adapters.terminal import rendered  # noqa: PLC0415  # as the others

        yield rendered(message)
