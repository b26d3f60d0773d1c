"""What the demo draws: two chats side by side, and a line for everything that happens in them. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from sandbox.page import LivePage
from sandbox.platform import ChatView, Shown

# A withdrawn message stays on the screen, struck out, for so many frames.
_FAREWELL = 24
_LINES_PER_MESSAGE = 4
_WIDEST = 100


@dataclass(frozen=True, slots=True)
class Watched:
    """A chat at one moment: its messages by id, oldest first."""

    messages: dict[str, Shown]

    @classmethod
    def of(cls, view: ChatView) -> Watched:
        """Return what a view shows."""
        return cls({message.id: message for message in view.messages})


@dataclass(slots=True)
class Column:
    """One chat on the screen, and what has happened in it so far."""

    name: str
    messages: dict[str, Shown] = field(default_factory=dict)
    gone: dict[str, int] = field(default_factory=dict)
    arrived: int = 0
    corrected: int = 0
    withdrawn: int = 0
    pinned: int = 0


class Stage:
    """Follows the chats from frame to frame."""

    def __init__(self, names: list[str], page: LivePage) -> None:
        self._columns = [Column(name) for name in names]
        # A chat that has just subscribed is shown the newest three; what is older it never sees.
        self._never_shown = {post.key for post in page.current.posts[3:]}
        self.equal = False

    def see(self, watched: list[Watched]) -> list[Text]:
        """Take in a frame and return a line for everything that is new in it."""
        news: list[Text] = []
        for column, seen in zip(self._columns, watched, strict=True):
            news += _news(column, seen)
        return news

    def over(self, page: LivePage) -> bool:
        """Whether the page has ended and every chat shows its last edition."""
        self.equal = all(self._mirrors(column, page) for column in self._columns)
        return not page.current.live and self.equal

    def _mirrors(self, column: Column, page: LivePage) -> bool:
        """Whether the chat shows the summary, the end, every post that it should, and nothing else."""
        texts = [message.text for id_, message in column.messages.items() if id_ not in column.gone]
        told = "\n".join(texts)
        posts = [post for post in page.current.posts if post.key not in self._never_shown]
        headlines = all(post.headline in told for post in posts)
        points = all(point in told for point in page.current.summary)
        # Beside the posts: summary, end, and on Telegram the greeting and the answer to /subscribe.
        return headlines and points and "ended" in told and len(texts) - len(posts) in {2, 4}

    def picture(self, width: int, height: int) -> RenderableType:
        """Draw the chats side by side, the newest messages at the bottom."""
        table = Table.grid(expand=True, padding=(0, 1))
        for _ in self._columns:
            table.add_column(ratio=1)
        inner = (width - 1) // len(self._columns) - 6
        table.add_row(*(_panel(column, inner, height - 5) for column in self._columns))
        legend = Text(
            "📌 pinned   ✎ corrected in place   🖼 with a picture   struck out: withdrawn", "dim", justify="center"
        )
        return Group(table, legend)

    def closing(self) -> RenderableType:
        """Sum up."""
        lines = [Text()]
        for column in self._columns:
            told = f"{column.arrived} messages, {column.corrected} corrected in place, {column.withdrawn} withdrawn"
            lines.append(Text(f"{column.name:9} {told}; the summary was pinned and kept current."))
        equal = "Both chats show exactly what the page says." if self.equal else "A chat differs from the page."
        lines.append(Text(equal, "bold green" if self.equal else "bold red"))
        lines.append(Text("\nNext: liverelay run URL relays a real live page to this terminal."))
        lines.append(Text("README.md, Going live: a Telegram and a Discord token in five minutes."))
        return Group(*lines)


def _news(column: Column, seen: Watched) -> Iterator[Text]:
    for id_, message in seen.messages.items():
        before = column.messages.get(id_)
        if before is None:
            column.arrived += 1
            yield _line(column, "new", message, "green")
        elif before.text != message.text:
            column.corrected += 1
            yield _line(column, "corrected", message, "yellow")
        if message.pinned and not (before and before.pinned):
            column.pinned += 1
            yield _line(column, "pinned", message, "blue")
    for id_, message in column.messages.items():
        if id_ not in seen.messages and id_ not in column.gone:
            column.withdrawn += 1
            column.gone[id_] = _FAREWELL
            yield _line(column, "withdrawn", message, "red")
    column.gone = {id_: left - 1 for id_, left in column.gone.items() if left > 1}
    kept = {id_: message for id_, message in column.messages.items() if id_ in column.gone}
    column.messages = dict(sorted((kept | seen.messages).items(), key=lambda pair: pair[1].sent_at))


def _line(column: Column, what: str, message: Shown, style: str) -> Text:
    # The first line may be an author or a mark; with the second one knows which message it is.
    first = " · ".join([line.strip() for line in message.text.splitlines() if line.strip()][:2]) or "(picture)"
    return Text.assemble((f"{column.name:9}", "bold"), (f"{what:10}", style), first[:_WIDEST])


def _panel(column: Column, width: int, height: int) -> Panel:
    """The newest messages that fit, at the bottom."""
    drawn: list[Text] = []
    for message in reversed(column.messages.values()):
        bubble = _bubble(message, width, gone=message.id in column.gone)
        if len(drawn) + len(bubble) + 1 > height:
            break
        drawn = [*bubble, Text(), *drawn]
    filling = [Text()] * (height - len(drawn))
    return Panel(Group(*filling, *drawn), title=f"[bold]{column.name}[/]")


def _bubble(message: Shown, width: int, *, gone: bool) -> list[Text]:
    """A message in a few lines: the headline, what follows it, and marks for what happened to it."""
    lines = [line.strip() for line in message.text.splitlines() if line.strip()] or ["(picture)"]
    marks = "📌 " * message.pinned + "🖼 " * bool(message.media) + "✎ " * (message.edited and not gone)
    told = [f"{marks}{'withdrawn: ' if gone else ''}{lines[0]}", *lines[1:_LINES_PER_MESSAGE]]
    styles = ["strike red" if gone else "bold", *["dim" if gone else ""] * len(told)]
    drawn = [Text(line, style) for line, style in zip(told, styles, strict=False)]
    for line in drawn:
        line.truncate(width, overflow="ellipsis")
    return drawn
