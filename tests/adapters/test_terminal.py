"""The terminal keeps the adapters' promises, and nothing that a page says can drive it."""

from __future__ import annotations

import asyncio
import io
import re
import unicodedata
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from queue import SimpleQueue

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from adapters.terminal import Terminal, rendered
from bot.message import Message
from bot.model import Address, Image
from bot.ports import Answer, Button, Incoming, Sent
from bot.richtext import RichText, Span

from .contract import CORRECTED, AdapterContract, a_message, listening, sent, soon

AT = datetime(2026, 2, 14, 9, 15, tzinfo=UTC)
HERE = Address("terminal", "terminal", "terminal")
_PINNED = re.compile(r"📌 (\d+) (pinned|unpinned)\n")
_WITHDRAWN = re.compile(r"✗ (\d+) withdrawn[^\n]*\n")
_SAID = re.compile(r"(?:── (\d+)|✎ (\d+) corrected)\n")
_HEADING = re.compile(f"(?m)^(?={_PINNED.pattern}|{_WITHDRAWN.pattern}|{_SAID.pattern}|  )")


class Screen(io.StringIO):
    """What was printed; `printed` is set whenever something is."""

    def __init__(self) -> None:
        super().__init__()
        self.printed = asyncio.Event()

    def write(self, text: str) -> int:
        self.printed.set()
        return super().write(text)


class TerminalStage:
    """A person who reads from top to bottom, and remembers what was corrected and withdrawn."""

    def __init__(self) -> None:
        self.screen = Screen()
        self._typed: SimpleQueue[str | None] = SimpleQueue()
        self.adapter = Terminal(self.screen, iter(self._typed.get, None), now=lambda: AT)

    def open_chat(self) -> Address:
        return HERE

    def texts(self, address: Address) -> list[str]:
        return list(self._read()[0].values())

    def pinned(self, address: Address) -> list[str]:
        messages, pinned = self._read()
        return [text for number, text in messages.items() if number in pinned]

    async def ask(self, address: Address, text: str, *, admin: bool) -> list[str]:
        while not self.screen.getvalue():  # what it says when it begins to listen
            self.screen.printed.clear()
            await self.screen.printed.wait()
        before = len(self.screen.getvalue())
        self.type(text)
        self.screen.printed.clear()
        await self.screen.printed.wait()
        return [self.screen.getvalue()[before:]]

    def type(self, line: str) -> None:
        self._typed.put(f"{line}\n")

    def leave(self) -> None:
        """End the input, as Ctrl-D does; the thread that reads it ends."""
        self._typed.put(None)

    def _read(self) -> tuple[dict[str, str], set[str]]:
        """Return the messages that stand, by number, and the numbers of those that are pinned."""
        messages: dict[str, str] = {}
        pinned: set[str] = set()
        printed = self.screen.getvalue()
        starts = [match.start() for match in _HEADING.finditer(printed)]
        for start, end in zip(starts, [*starts[1:], len(printed)], strict=True):
            block = printed[start:end]
            if pin := _PINNED.match(block):
                (pinned.add if pin[2] == "pinned" else pinned.discard)(pin[1])
            elif gone := _WITHDRAWN.match(block):
                messages.pop(gone[1])
            elif said := _SAID.match(block):
                messages[said[1] or said[2]] = block[said.end() :]
        return messages, pinned


@pytest.fixture
async def stage() -> AsyncIterator[TerminalStage]:
    made = TerminalStage()
    await made.adapter.connect()
    yield made
    await made.adapter.close()
    made.leave()


class TestTerminal(AdapterContract):
    pass


# ── what is shown ────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_correction_and_a_withdrawal_name_the_message_that_they_concern(stage: TerminalStage) -> None:
    first, _second = await sent(stage, HERE), await sent(stage, HERE, a_message(headline="Other news"))
    await stage.adapter.edit(HERE, first, CORRECTED, 0)
    await stage.adapter.remove(HERE, first)
    printed = stage.screen.getvalue()
    assert "✎ 1 corrected\n" in printed
    assert f"✗ 1 withdrawn: {CORRECTED.headline}\n" in printed


async def test_a_message_of_an_earlier_run_is_withdrawn_by_its_number_alone(stage: TerminalStage) -> None:
    await stage.adapter.remove(HERE, Sent("1700000000000-12", "text", AT))
    assert stage.screen.getvalue().endswith("✗ 12 withdrawn\n\n")


async def test_no_two_runs_give_a_command_or_a_message_the_same_id() -> None:
    moments = iter([AT, AT + timedelta(milliseconds=1)])
    runs = [Terminal(io.StringIO(), now=lambda: next(moments)) for _ in range(2)]
    assert len({run._command("/list").id for run in runs}) == 2
    assert len({await run.send(HERE, a_message(), 0, "") for run in runs}) == 2


def test_pictures_are_told_with_caption_and_credit_and_footnotes_have_lines_of_their_own() -> None:
    picture = Image("https://p.example/1.png", alt="A boat", caption="The boat comes home", credit="Reuters")
    notes = RichText("▶ Watch"), RichText("t.example/1")
    also = (RichText("Also reported by Gull: Ferry docked"),)
    text = rendered(a_message(images=(picture,), footnotes=notes, also=also)).plain
    assert "[picture] The boat comes home (Reuters)" in text
    assert "\n▶ Watch\nt.example/1\n" in text


async def test_where_a_person_looks_there_is_colour_and_a_link_that_can_be_opened() -> None:
    class Tty(io.StringIO):
        def isatty(self) -> bool:
            return True

    out = Tty()
    await Terminal(out, now=lambda: AT).send(HERE, a_message(breaking=True), 0, "")
    assert "\x1b[1;31mBREAKING" in out.getvalue()
    assert "https://harbour.example/live#post-7\x1b\\" in out.getvalue()


# ── what is typed ────────────────────────────────────────────────────────────────────────────────────────────────


async def test_an_address_alone_is_a_subscription_and_empty_lines_are_nothing(stage: TerminalStage) -> None:
    came: asyncio.Queue[Incoming] = asyncio.Queue()
    async with listening(stage.adapter, came.put):
        for line in ("", "   ", "https://harbour.example/live", "/PAUSE  for 2h "):
            stage.type(line)
        address, pause = await soon(came.get()), await soon(came.get())
    assert (address.name, address.arguments) == ("subscribe", "https://harbour.example/live")
    assert (pause.name, pause.arguments) == ("pause", "for 2h")
    assert address.id != pause.id


async def test_listening_again_after_a_failure_loses_no_line(stage: TerminalStage) -> None:
    came: asyncio.Queue[Incoming] = asyncio.Queue()
    for line in ("/list", "/help"):
        async with listening(stage.adapter, came.put):
            stage.type(line)
            assert (await soon(came.get())).name == line[1:]


async def test_when_the_input_ends_the_relay_goes_on(stage: TerminalStage) -> None:
    came: asyncio.Queue[Incoming] = asyncio.Queue()
    async with listening(stage.adapter, came.put):
        stage.type("/list")
        stage.leave()
        assert (await soon(came.get())).name == "list"
        await sent(stage, HERE)
    assert len(stage.texts(HERE)) == 1


# ── what a page says ─────────────────────────────────────────────────────────────────────────────────────────────

NASTY = st.text(st.one_of(st.characters(), st.sampled_from("\x1b\x07\x08\x9b\x9d\x7f\r\t[]0;m\\ \n")), max_size=40)
CODES = re.compile(r"\x1b\[[0-9;]*m|\x1b\]8;(?:id=\d+)?;[^\x00-\x20\x7f-\x9f]*\x1b\\")
"""The colours and links that rich writes."""


def _rich(text: str, url: str) -> RichText:
    return RichText(text, (Span(0, len(text), "link", url), Span(0, len(text) // 2, "quote")))


MESSAGES = st.builds(
    lambda words, url: Message(
        "entry",
        headline=words[0],
        body=_rich(words[1], url),
        breaking=True,
        label=words[2],
        author=words[3],
        time_text=words[4],
        source_name=words[5] or "x",
        link=url,
        images=(Image(url, words[6], words[7], words[8]),),
        footnotes=(_rich(words[9], url),),
    ),
    st.lists(NASTY, min_size=10, max_size=10),
    NASTY,
)


@pytest.mark.parametrize("colours", [True, False])
@given(message=MESSAGES)
def test_no_control_character_of_an_entry_reaches_the_terminal(colours: bool, message: Message) -> None:
    out = io.StringIO()
    console = Console(file=out, force_terminal=colours, highlight=False, color_system="standard" if colours else None)
    console.print(rendered(message))
    left = CODES.sub("", out.getvalue())
    assert [sign for sign in left if unicodedata.category(sign) in {"Cc", "Cs"} and sign != "\n"] == []


@given(words=NASTY)
def test_nor_does_one_of_an_answer_or_of_a_withdrawn_headline(words: str) -> None:
    async def say() -> str:
        out = io.StringIO()
        adapter = Terminal(out, now=lambda: AT)
        await adapter.reply(adapter._command("/list"), Answer(_rich(words, words)))
        message = Sent(f"{adapter._run}-1", "text", AT)
        await adapter.send(HERE, Message("entry", headline=words), 0, "")
        await adapter.remove(HERE, message)
        return out.getvalue()

    shown = asyncio.run(say())
    assert [sign for sign in shown if unicodedata.category(sign) in {"Cc", "Cs"} and sign != "\n"] == []


async def test_buttons_are_printed_as_what_can_be_typed_instead() -> None:
    out = io.StringIO()
    adapter = Terminal(out, now=lambda: AT)
    rows = ((Button("Pause", "pause 1"), Button("Stop following", "unsubscribe 1")),)
    await adapter.reply(adapter._command("/list"), Answer(RichText("1. Storm"), rows))
    assert "[Pause] /pause 1" in out.getvalue()
    assert "[Stop following] /unsubscribe 1" in out.getvalue()
