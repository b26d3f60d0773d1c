"""Doing one command, between what came in and what is said: ask and look first, then one transaction.

Whose words it counts, and which chat it is about, is decided here; what each command does stands in its own module.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from sqlalchemy.ext.asyncio import AsyncConnection

from ..errors import CommandError, SourceError, Stranger
from ..exploring import Explored
from ..languages import speaking
from ..model import Address
from ..ports import Adapter, Answer, Clock, Command, HasWays, KnowsPeople, Suggestion, Typing, Ways
from ..richtext import RichText
from ..store.engine import Database
from . import directing
from .answering import Probe, answer, look, unknown_page
from .directing import Place
from .rate import Rate, Strangers
from .suggesting import suggest
from .turn import CommandLimits, Turn


@dataclass(frozen=True, slots=True)
class Prepared:
    """A command as it is meant, with what was asked and looked at for it."""

    command: Command
    places: tuple[Place, ...] = ()
    probed: Explored | SourceError | None = None


class Doing:
    """Does commands. `adapters` are looked up by platform and bot; `claim_code` makes who sends it the owner."""

    def __init__(
        self,
        database: Database,
        *,
        adapters: Iterable[Adapter],
        clock: Clock,
        probe: Probe,
        limits: CommandLimits,
        claim_code: str,
    ) -> None:
        self._database = database
        self._adapters = adapters
        self._clock = clock
        self._probe = probe
        self._limits = limits
        self._claim_code = claim_code
        self._rate = Rate(limits.per_minute)
        self._personal_rate = Rate(limits.per_user_minute)
        self._strangers = Strangers()

    async def suggest(self, typing: Typing) -> Sequence[Suggestion]:
        """Return what an argument may be, in the language of who types it (a `Suggest`)."""
        with speaking(typing.command.language):
            async with self._database.read() as connection:
                return await suggest(self._turn(connection, Prepared(typing.command)), typing)

    async def language(self, command: Command) -> str:
        """Return the language in which a command is answered."""
        async with self._database.read() as connection:
            return await self._turn(connection, Prepared(command)).language()

    async def prepare(self, command: Command) -> Prepared | Answer:
        """Ask and look, before any transaction is open: which chat is it about, and what is at a page nobody follows.

        Raises Unanswered where the platform cannot tell now what the person may do.
        """
        adapter, lets_in = self.asked(command.address), self._limits.lets_in
        try:
            meant = await directing.directed(command, adapter, self._database, lets_in) if adapter else command
            places = await directing.places(meant, adapter, self._database, lets_in) if adapter else ()
        except Stranger as error:
            return Answer(RichText("" if self._told_today(command) else str(error)), aside=True)
        except CommandError as error:
            return Answer(RichText(str(error)), aside=True)
        async with self._database.read() as connection:
            url = await unknown_page(self._turn(connection, Prepared(meant, places)))
        return Prepared(meant, places, None if url is None else await look(url, self._probe))

    async def answer(self, connection: AsyncConnection, prepared: Prepared) -> Answer:
        """Do it, and return what to say. Whatever is written, is written in this transaction."""
        said, command = await answer(self._turn(connection, prepared)), prepared.command
        if not isinstance(self.asked(command.address), KnowsPeople):
            return said
        await directing.remember(connection, command, self._clock.now())
        return await directing.about(connection, said, command) if command.given_in else said

    def over(self, command: Command) -> int:
        """Count a command; return by how many its giver, there or everywhere, or its chat is over the limits."""
        address, now = command.address, self._clock.now()
        there = self._rate.in_chat(command, now)
        nobody = command.user.id in ("", address.chat)
        return there or (0 if nobody else self._personal_rate.exceeded((address.platform, command.user.id), now))

    def asked(self, address: Address) -> Adapter | None:
        """Return the adapter of one of our bots; None for another."""
        return next(
            (each for each in self._adapters if (each.platform, each.bot) == (address.platform, address.bot)), None
        )

    def _told_today(self, command: Command) -> bool:
        """Whether a stranger need not hear it again; where answers are seen by nobody else, one is always awaited."""
        asked = self.asked(command.address)
        if command.pressed or (asked is not None and asked.can.answers_aside):
            return False
        return self._strangers.again(command.address.platform, command.user, self._clock.now())

    def _turn(self, connection: AsyncConnection, prepared: Prepared) -> Turn:
        asked = self.asked(prepared.command.address)
        return Turn(
            prepared.command,
            connection,
            self._clock.now(),
            self._limits,
            asked.ways if isinstance(asked, HasWays) else Ways(),
            self._claim_code,
            probed=prepared.probed,
            manages=isinstance(asked, KnowsPeople),
            places=prepared.places,
            told_today=partial(self._told_today, prepared.command),
        )
