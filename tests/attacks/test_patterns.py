"""Regular expressions: a text made to be looked at again and again must not keep one busy. Ours, and those of users."""

from __future__ import annotations

import ast
import contextlib
import importlib
import itertools
import pkgutil
import re
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from re import _constants as sre  # type: ignore[attr-defined]  # what a pattern asks for is told nowhere else
from re import _parser as parser  # type: ignore[attr-defined]
from types import ModuleType
from typing import Any

import pytest

import adapters
import bot
from bot.errors import Mistake
from bot.filters import passes
from bot.model import Entry
from bot.richtext import RichText
from bot.summary import first_sentence, lead

pytestmark = pytest.mark.attack("regular expressions")

# Letters: a headline of a hostile page, and more than any message or command may have (Telegram 4,096, Discord 6,000).
LONG, TYPED = 20_000, 6_000
OF_PEOPLE = ("bot.commands", "bot.filters", "bot.hours", "bot.styles", "bot.settings", "bot.operating", "bot.languages")
# Seconds of this process's time. One look takes milliseconds; one that goes back at every letter takes seconds.
SOON = 0.2
CATEGORIES = {
    sre.CATEGORY_DIGIT: "1",
    sre.CATEGORY_NOT_DIGIT: "a",
    sre.CATEGORY_SPACE: " ",
    sre.CATEGORY_NOT_SPACE: "a",
    sre.CATEGORY_WORD: "a",
    sre.CATEGORY_NOT_WORD: " ",
}


def modules() -> Iterator[ModuleType]:
    for package in (bot, adapters):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not found.name.endswith("__main__") and ".migrations" not in found.name:  # these run when imported
                yield importlib.import_module(found.name)


@dataclass(frozen=True)
class Ours:
    """A pattern of ours, and the methods by which it is applied."""

    pattern: re.Pattern[Any]
    methods: frozenset[str]
    longest: int


def ours() -> Iterator[tuple[str, Ours]]:
    """Every pattern that a module holds or names in a call, and where it stands."""
    found = list(modules())
    sources = {module.__name__: Path(module.__file__ or "").read_text(encoding="utf-8") for module in found}
    for module in found:
        longest = TYPED if module.__name__.startswith(OF_PEOPLE) else LONG
        for name, value in vars(module).items():
            if isinstance(value, re.Pattern):
                places = [sources[module.__name__]] if name.startswith("_") else sources.values()
                methods = {method for text in places for method in re.findall(rf"\b{name}\.(\w+)\b", text)}
                yield f"{module.__name__}.{name}", Ours(value, frozenset(methods) or frozenset(["finditer"]), longest)
        for node in ast.walk(ast.parse(sources[module.__name__])):
            match node:
                case ast.Call(ast.Attribute(ast.Name("re"), method), [ast.Constant(str() | bytes() as text), *_]) if (
                    method not in ("compile", "escape")
                ):
                    yield f"{module.__name__}:{node.lineno}", Ours(re.compile(text), frozenset([method]), longest)


def applied(pattern: re.Pattern[Any], methods: frozenset[str]) -> Iterator[Callable[[Any], object]]:
    """Yield what a module does with its pattern; whatever looks for it at every place is the same work."""
    yield from (getattr(pattern, method) for method in methods & {"match", "fullmatch"})
    if methods - {"match", "fullmatch", "pattern", "flags"}:
        yield lambda text: sum(1 for _ in pattern.finditer(text))


def asked(parsed: Any) -> Iterator[str]:
    """Yield characters that a pattern asks for, anywhere in it."""
    for operation, argument in parsed:
        match operation:
            case sre.LITERAL | sre.NOT_LITERAL:
                yield chr(argument)
            case sre.ANY:
                yield "a"
            case sre.RANGE:
                yield chr(argument[0])
            case sre.CATEGORY:
                yield CATEGORIES[argument]
            case sre.IN:
                yield from asked(argument)
            case sre.BRANCH:
                yield from itertools.chain.from_iterable(map(asked, argument[1]))
            case _:
                inside = argument[-1] if isinstance(argument, tuple) else argument
                yield from asked(inside) if isinstance(inside, parser.SubPattern) else ()


def begun(parsed: Any) -> str:
    """Return a text that a pattern takes from its first letter on, as far as that can be told simply."""
    text = ""
    for operation, argument in parsed:
        if operation in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
            text += begun(argument[2]) * max(argument[0], 1)
        elif operation is sre.BRANCH:
            text += begun(argument[1][0])
        elif operation in (sre.SUBPATTERN, sre.ATOMIC_GROUP):
            text += begun(argument[-1] if operation is sre.SUBPATTERN else argument)
        elif operation in (sre.LITERAL, sre.ANY, sre.IN):
            text += next(asked([(operation, argument)]), "")
    return text


def attacks(pattern: re.Pattern[Any], longest: int) -> Iterator[str]:
    """Yield long runs of what a pattern asks for, begun as it begins, that end in what it does not expect."""
    text = pattern.pattern.decode("latin-1") if isinstance(pattern.pattern, bytes) else pattern.pattern
    parsed = parser.parse(text, pattern.flags & ~re.UNICODE)
    letters = list(dict.fromkeys(itertools.chain(asked(parsed), " a1")))[:12]
    runs = [*letters, *(first + second for first, second in itertools.pairwise(letters)), begun(parsed) or " "]
    for run in runs:
        many = run * (longest // len(run))
        yield many + "\x00"
        yield "x" + begun(parsed) + many + "\x00"


@contextlib.contextmanager
def within(seconds: float) -> Iterator[None]:
    """Raise TimeoutError when this process has worked for so long: the machine may be busy with others."""

    def late(_signal: int, _frame: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGVTALRM, late)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


OURS = dict(ours())


@pytest.mark.parametrize("name", OURS)
def test_no_text_keeps_a_pattern_of_ours_busy(name: str) -> None:
    pattern, methods, longest = OURS[name].pattern, OURS[name].methods, OURS[name].longest
    for text in attacks(pattern, longest):
        told = text.encode("utf-8", "replace") if isinstance(pattern.pattern, bytes) else text
        for apply in applied(pattern, methods):
            try:
                with within(SOON):
                    apply(told)
            except TimeoutError:
                pytest.fail(f"{pattern.pattern!r} is kept busy by {text[:30]!r}…")


@pytest.mark.parametrize("run", ["A. ", "…! ", "?) ", "。", ". . ", '."', "e.g. ", "\n.", ". \n"])
def test_a_page_of_nothing_but_stops_is_shortened_at_once(run: str) -> None:
    text = run * (400_000 // len(run))
    with within(2.0):
        assert len(lead(RichText(text))) <= 300
        assert first_sentence(text) <= len(text)


HOSTILE_PATTERNS = (
    "/(a+)+$/",
    "/(a|a)*$/",
    "/(.*a){30}/",
    "/^(([a-z])+.)+[A-Z]([a-z])+$/",
    "/(x+x+)+y/",
    "/a{1000}{1000}/",
)


@pytest.mark.parametrize("pattern", HOSTILE_PATTERNS)
def test_no_pattern_of_a_user_stops_the_program(pattern: str) -> None:
    """Each doubles the time of a backtracking engine with every letter; what RE2 finds too large is refused."""
    pytest.importorskip("re2", reason="patterns in filters are an extra")
    entry = Entry("e", headline="a" * 30_000 + "!", body=RichText("x" * 30_000))
    begun_at = time.process_time()
    with contextlib.suppress(Mistake):
        passes(pattern, entry)
    assert time.process_time() - begun_at < 5
