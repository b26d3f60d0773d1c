"""People who type commands, each with a word of its own that the answer repeats, and how often the sandbox saw that."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from sandbox.clock import utc_now
from sandbox.platform import Call
from sandbox.telegram.faults import AFTER
from tests.process.program import Place

Touched = Callable[[datetime, datetime], bool]


@dataclass
class Typed:
    """A command that somebody typed, and until when they waited for the answer."""

    place: Place
    word: str
    begun: datetime
    ended: datetime | None = None
    shut_out: bool = False


class Typists:
    """Who types. `touched` says whether the process was in trouble between two moments."""

    def __init__(self, calls: Iterable[Call], touched: Touched) -> None:
        self._calls = calls
        self._touched = touched
        self._typed: list[Typed] = []
        self._waiting: list[asyncio.Task[None]] = []
        self.cut_at: list[datetime] = []
        """When Discord's gateway began to lose what is typed."""

    def type(self, place: Place) -> str:
        """Let somebody ask for help with a command that there is not, and return its name."""
        typed = Typed(place, f"order{len(self._typed):02}", utc_now())
        self._typed.append(typed)
        self._waiting.append(asyncio.get_running_loop().create_task(_wait(typed)))
        return typed.word

    def shut_out(self, place: Place) -> None:
        """The bot is thrown out: nothing that waits for an answer there need be answered."""
        for typed in self._typed:
            typed.shut_out |= typed.place == place and typed.ended is None

    async def go(self) -> None:
        """Let nobody wait any longer. Raises what was wrong with a command."""
        for task in self._waiting:
            task.cancel()
        for ended in await asyncio.gather(*self._waiting, return_exceptions=True):
            if isinstance(ended, Exception):
                raise ended

    def judge(self) -> list[str]:
        """Every command is answered, once."""
        return [f"{typed.place.platform} {typed.place.view().kind}: {typed.word} {wrong}" for typed in self._typed
                for wrong in self._wrong(typed)]  # fmt: skip

    def lost(self) -> int:
        """How many commands nobody answered, because Discord tells of each once and waits for three seconds."""
        return sum(typed.place.platform == "discord" and not any(self._tries(typed)) for typed in self._typed)

    def _wrong(self, typed: Typed) -> Iterator[str]:
        answers = list(self._answers(typed))
        heard = [call for call in answers[:-1] if call.fault not in AFTER and not self._touched(call.at, call.at)]
        if heard:
            yield f"was answered {len(answers)} times"
        if not any(self._tries(typed)) and not self._may_be_lost(typed):
            yield "was never answered"

    def _answers(self, typed: Typed) -> Iterator[Call]:
        """The calls that said it."""
        return (call for call in self._tries(typed) if call.fault in AFTER or (call.status == 200 and not call.fault))

    def _tries(self, typed: Typed) -> Iterator[Call]:
        """The calls that may have said it, as far as the bot can know: an answer is not said again on a guess."""
        return (call for call in self._calls if typed.word in str(call.request) and call.status != 429)

    def _may_be_lost(self, typed: Typed) -> bool:
        """On Telegram nothing: an update is confirmed once it is recorded. An interaction is told once, and expires."""
        if typed.shut_out or typed.place.platform == "telegram":
            return typed.shut_out
        ended = typed.ended or utc_now()
        return self._touched(typed.begun, ended) or any(at <= ended for at in self.cut_at)


async def _wait(typed: Typed) -> None:
    await typed.place.type(f"/help {typed.word}")
    typed.ended = utc_now()
