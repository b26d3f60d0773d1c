"""The terminal as a chat platform: what a chat would show, with corrections and withdrawals as they happen.

The smallest adapter there is; docs/adding-a-platform.md walks through it.
"""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Callable, Iterable
from datetime import datetime
from itertools import count
from typing import IO

from rich.console import Console
from rich.padding import Padding
from rich.style import Style
from rich.text import Text

from bot.message import Message
from bot.model import Address, Platform, User
from bot.ports import Answer, Capabilities, Command, Done, Found, Inbox, Outcome, Sent
from bot.richtext import RichText

# What a terminal would act on instead of showing it; and halves of characters, which cannot be written.
_CONTROLS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_STYLES = {"bold": "bold", "italic": "italic", "code": "cyan", "quote": "dim italic"}
# Withdrawn messages are named by their headlines, if they are not older than so many others.
_REMEMBERED = 1000
_MARKS = {"summary": "▣ ", "end": "■ ", "digest": "≡ "}


class Terminal:
    """Writes to a stream, reads commands from another; whoever types there is the operator."""

    platform: Platform = "terminal"
    bot = "terminal"
    can = Capabilities(idempotent_send=False, history=False)

    def __init__(self, out: IO[str], typed: Iterable[str] | None = None, *, now: Callable[[], datetime]) -> None:
        self._console = Console(file=out, highlight=False, emoji=False, markup=False)
        self._typed = typed
        self._lines: asyncio.Queue[str] | None = None
        # What a run prints and is told must not be taken for an earlier run's.
        self._run = f"{now().timestamp() * 1000:.0f}"
        self._messages = count(1)
        self._commands = count(1)
        self._headlines: dict[str, str] = {}

    async def connect(self) -> None:
        """Nothing to log in to."""

    async def listen(self, inbox: Inbox) -> None:
        """Hand over each line that begins with a slash, or is an address, as a command."""
        lines = self._lines = self._lines or self._reading()
        while True:
            line = (await lines.get()).strip()
            if line:
                await inbox(self._command(line))

    def _reading(self) -> asyncio.Queue[str]:
        lines: asyncio.Queue[str] = asyncio.Queue()
        if self._typed is not None:
            self._console.print(Text("Commands can be typed here; /help lists them.", "dim"), end="\n\n")
            # A thread that nobody waits for: reading a terminal cannot be cancelled. There is never a second one.
            reading = (self._typed, asyncio.get_running_loop(), lines)
            threading.Thread(target=_read, args=reading, name="terminal", daemon=True).start()
        return lines

    def _command(self, line: str) -> Command:
        name, _, arguments = line.partition(" ") if line.startswith("/") else ("subscribe", "", line)
        return Command(
            id=f"{self._run}-{next(self._commands)}",
            address=Address("terminal", self.bot, "terminal"),
            chat_kind="private",
            chat_title="Terminal",
            user=User("operator", "Operator"),
            is_admin=True,
            name=name.removeprefix("/").lower(),
            arguments=arguments.strip(),
        )

    def parts(self, message: Message) -> tuple[str, ...]:  # noqa: ARG002  # every message is one text
        """Every message is one text."""
        return ("text",)

    def can_edit(self, shown: str, wanted: str) -> bool:
        """Every text can become another."""
        return shown == wanted

    async def send(self, address: Address, message: Message, part: int, nonce: str) -> Outcome:  # noqa: ARG002
        """Print the message under a number of its own."""
        message_id = f"{self._run}-{next(self._messages)}"
        self._print(f"── {_number(message_id)}", "dim", message_id, message)
        return Done(message_id)

    async def edit(self, address: Address, sent: Sent, message: Message, part: int) -> Outcome:  # noqa: ARG002
        """Print the message as it reads now, and that it was corrected."""
        self._print(f"✎ {_number(sent.message_id)} corrected", "yellow", sent.message_id, message)
        return Done(sent.message_id)

    async def remove(self, address: Address, sent: Sent) -> Outcome:  # noqa: ARG002
        """Say that a message was withdrawn; what was printed cannot be taken back."""
        headline = self._headlines.pop(sent.message_id, "")
        said = Text(f"✗ {_number(sent.message_id)} withdrawn", "red")
        self._console.print(said.append(f": {headline}", "strike") if headline else said, end="\n\n")
        return Done()

    async def pin(self, address: Address, sent: Sent, *, pinned: bool) -> Outcome:  # noqa: ARG002
        """Say that a message is pinned, or not any more."""
        said = f"📌 {_number(sent.message_id)} {'pinned' if pinned else 'unpinned'}"
        self._console.print(Text(said, "dim"), end="\n\n")
        return Done()

    async def history(self, address: Address, since: datetime) -> tuple[Found, ...] | Outcome:  # noqa: ARG002
        """A terminal cannot be read back."""
        return ()

    async def reply(self, command: Command, answer: Answer) -> Outcome:  # noqa: ARG002
        """Print the answer, and for each of its buttons what can be typed instead."""
        said = _styled(answer.text)
        for button in (each for row in answer.buttons for each in row):
            said.append(f"\n[{printable(button.label)}] ", "bold").append(f"/{printable(button.command)}", "cyan")
        for link in answer.links:
            said.append(f"\n[{printable(link.label)}] ", "bold").append(printable(link.url), _link(link.url))
        self._console.print(Padding(said, (0, 0, 1, 2), expand=False), style="green")
        return Done()

    async def close(self) -> None:
        """Nothing to free."""

    def _print(self, above: str, style: str, message_id: str, message: Message) -> None:
        self._console.print(Text(above, style))
        # In a file lines are as long as they are.
        self._console.print(rendered(message), end="\n\n", soft_wrap=not self._console.is_terminal)
        self._headlines[message_id] = printable(message.headline)
        while len(self._headlines) > _REMEMBERED:
            del self._headlines[next(iter(self._headlines))]


def _number(message_id: str) -> str:
    """Return the number under which a run printed a message."""
    return message_id.rpartition("-")[2]


def _read(typed: Iterable[str], loop: asyncio.AbstractEventLoop, lines: asyncio.Queue[str]) -> None:
    for line in typed:
        try:
            loop.call_soon_threadsafe(lines.put_nowait, line)
        except RuntimeError:  # the program is ending
            return


def rendered(message: Message) -> Text:
    """Return the message as the terminal shows it."""
    text = Text()
    if message.breaking:
        text.append("BREAKING ", "bold red")
    if message.label:
        text.append(f"{printable(message.label)} · ", "dim")
    text.append(_MARKS.get(message.kind, "") + printable(message.headline), "bold")
    for block in (message.body, *message.footnotes):
        if block:
            text.append("\n\n" if block is message.body else "\n")
            text.append_text(_styled(block))
    for image in message.images:
        credit = f" ({image.credit})" if image.credit else ""
        text.append(f"\n[picture] {printable(image.caption or image.alt)}{printable(credit)}", "dim italic")
    for line in message.also:
        text.append("\n").append_text(_styled(line))
    text.append("\n")
    last = " · ".join(printable(each) for each in (message.time_text, message.author) if each)
    text.append(f"{last} · " if last else "", "dim")
    text.append(printable(message.source_name), Style(dim=True) + _link(message.link))
    return text


def _styled(text: RichText) -> Text:
    styled = Text(printable(text.text))
    for span in text.spans:
        styled.stylize(_link(span.url) if span.kind == "link" else _STYLES[span.kind], span.start, span.end)
    return styled


def _link(url: str) -> Style:
    """Return the style of a link that a terminal can open; nothing in it may end the address early."""
    return Style(underline=True, link="%20".join(printable(url).split()) or None)


def printable(text: str) -> str:
    """Return the text with what would drive a terminal replaced one for one: spans keep their places."""
    return _CONTROLS.sub("\ufffd", text)
