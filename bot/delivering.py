"""Doing one act: from a claimed delivery to the platform's answer, part by part.

Every part that the platform accepted is written down at once, so that a crash in the middle of a long message goes
on at the first missing part. A send whose answer was lost is looked for before it is repeated.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime

from .compose import compose, compose_also, compose_page
from .compose_digest import compose_digest
from .compose_review import compose_review
from .finding import Accepted, Finding, Ours
from .languages import stored
from .message import Message
from .pinging import called
from .planner import Act, Part, next_act
from .ports import Adapter, Clock, Done, Failed, Gone, OpensThreads, Outcome, Refused, Sent, Unsure
from .store.answers import Begun
from .store.outbox import Claim

# What kind of channel it is, its first message, the thread.
_CALLS_TO_OPEN = 3

PartWritten = Callable[[Claim, Part], Awaitable[None]]
Opened = Callable[[Claim, str], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Prepared:
    """An act ready to be done in about so many `calls`; `message` is None where nothing is said (removal, pin).

    `opening` is the nonce of the thread that is to be opened first, "" for none.
    """

    begun: Begun
    message: Message | None = None
    calls: int = 1
    opening: str = ""

    @property
    def claim(self) -> Claim:
        """The delivery."""
        return self.begun.claim

    @property
    def resumed(self) -> bool:
        """Whether an earlier attempt at this very act may have gone through."""
        owed = self.claim.owed
        return owed.act == self.begun.act and owed.tried_at is not None


def message_of(claim: Claim, *, withdrawn: bool = False) -> Message:
    """Compose what the delivery says today."""
    if claim.told is None:
        return compose_digest(
            claim.members,
            source=claim.source,
            style=claim.style,
            zone=claim.zone,
            withdrawn=claim.withdrawn,
            gathered=claim.gathered,
            form=claim.owed.form,
        )
    said = compose(
        claim.told,
        source=claim.source,
        style=claim.style,
        zone=claim.zone,
        withdrawn=withdrawn,
        form=claim.owed.form,
        number=0 if claim.chat_kind == "channel" else claim.number,
    )
    if withdrawn:
        return said
    said = compose_review(said, claim.decisions, claim.id, claim.zone) if claim.owed.for_review else said
    return replace(
        said, ping=claim.pinged, also=tuple(compose_also(each.entry, source=each.source) for each in claim.also)
    )


def _fitting(claim: Claim, adapter: Adapter) -> Claim:
    """Leave out what would not fit into the messages that stand: it was never shown there, and is sent by itself."""
    kinds = tuple(part.kind for part in claim.owed.accepted)
    shown = tuple(each for each in claim.also if each.said)
    if shown == claim.also or not kinds or adapter.parts(message_of(claim)) == kinds:
        return claim
    return replace(claim, also=shown)


def prepare(claim: Claim, adapter: Adapter, now: datetime) -> Prepared:
    """Decide the act, compose the message and name the parts that will be sent."""
    owed = claim.owed
    claim = _fitting(claim, adapter)
    message = message_of(claim) if owed.wanted else None
    kinds = adapter.parts(message) if message else ()
    act = next_act(owed, adapter.can, now=now, kinds=kinds, can_edit=adapter.can_edit, is_last=claim.newest)
    if act is None:
        claim = replace(claim, also=())  # what stands elsewhere by now says nothing new
    if act == "send" and message:
        message = replace(message, reply_to=claim.previous)
    if act == "notice":
        message = message_of(claim, withdrawn=True)
        kinds = adapter.parts(message)[:1]
    opens = act == "send" and claim.opens and isinstance(adapter, OpensThreads)
    role = _called(claim, act, now)
    if role and message:
        claim, message = replace(claim, pinged=role), replace(message, ping=role)
    begun = Begun(claim, act, _new_parts(claim, act, kinds), opens, bool(role))
    calls = max(1, len(kinds)) + (_CALLS_TO_OPEN if opens else 0)
    return Prepared(begun, message, calls, claim.opening_nonce(claim.opening_since or now) if opens else "")


def _called(claim: Claim, act: Act | None, now: datetime) -> str:
    """Return the role that is to be called with a first send; one that was begun before calls whom it called then."""
    if act != "send" or claim.owed.act or claim.pinged or claim.owed.generation:
        return ""
    return called(claim.ping, claim.told, claim.pinged_at, now)


def _new_parts(claim: Claim, act: Act | None, kinds: tuple[str, ...]) -> tuple[Part, ...]:
    if act not in {"send", "edit"}:
        return ()
    leaving = claim.owed.leaving
    named = {part.number for part in claim.owed.parts if part not in leaving}
    if leaving:
        # What takes the place of a part that is being taken away must not go by the same nonce.
        claim = replace(claim, owed=replace(claim.owed, generation=claim.owed.generation + 1))
    return tuple(
        Part(number, claim.owed.generation, claim.nonce(number), claim.owed.chat, kind)
        for number, kind in enumerate(kinds)
        if number not in named
    )


class Delivering:
    """Does prepared acts through one adapter.

    `accepted`, `forgotten`, `leaving` and `trying` write a part down, `opened` a thread; `ours` tells which of some
    message ids belong to deliveries.
    """

    def __init__(
        self,
        adapter: Adapter,
        clock: Clock,
        *,
        accepted: Accepted,
        forgotten: PartWritten,
        leaving: PartWritten,
        trying: PartWritten,
        opened: Opened,
        ours: Ours,
    ) -> None:
        self._adapter = adapter
        self._clock = clock
        self._accepted = accepted
        self._forgotten = forgotten
        self._leaving = leaving
        self._trying = trying
        self._opened = opened
        self._finding = Finding(adapter, clock, accepted=accepted, ours=ours)

    async def do(self, prepared: Prepared) -> Outcome:
        """Do the act and return the platform's answer to it as a whole."""
        match prepared.begun.act:
            case "send" if prepared.opening:
                return await self._open(prepared)
            case "send" | "edit" | "notice":
                return await self._say(prepared)
            case "remove":
                return await self._remove(prepared.claim, resumed=prepared.resumed)
            case "pin":
                return await self._pin(prepared.claim)
            case None:
                return Done()

    async def _open(self, prepared: Prepared) -> Outcome:
        """Open the thread of the delivery's page, and say it there."""
        claim = prepared.claim
        if prepared.message is None:
            return Done()  # withdrawn before there was a thread in which it could stand
        assert isinstance(self._adapter, OpensThreads)
        page = compose_page(source=claim.source, style=claim.style)
        outcome = await self._adapter.open_thread(claim.address, page, prepared.opening, claim.opening_since)
        match outcome:
            case Done(thread):
                await self._opened(claim, thread)
                begun = replace(prepared.begun, claim=claim.within(thread), opens=False)
                return await self._say(replace(prepared, begun=begun, opening=""))
            case Gone(reason):
                await self._opened(claim, "")
                return Failed(reason)
            case Refused(reason):
                return Refused(reason, "chat")  # it is no fault of this entry's
        return outcome

    async def _say(self, prepared: Prepared) -> Outcome:
        """Make the chat show the message: edit what stands, send what is missing, remove what is too much."""
        claim, message = prepared.claim, prepared.message
        if message is None:
            return await self._find_unwanted(prepared)
        outcome: Outcome = await self._take_away(claim, claim.owed.leaving)
        if not isinstance(outcome, Done):
            return outcome
        parts = _by_number(prepared)
        kinds = self._adapter.parts(message)[: 1 if prepared.begun.act == "notice" else None]
        surplus = tuple(part for part in claim.owed.accepted if part.number >= len(kinds))
        wanted = [replace(parts[number], kind=kind, chat=claim.owed.chat) for number, kind in enumerate(kinds)]
        together = 0  # how many of the next parts an earlier call has sent with its own
        for part in wanted:
            if together:
                together -= 1
                continue
            outcome = await self._say_part(prepared, message, part, parts[part.number])
            if not isinstance(outcome, Done):
                return outcome
            if outcome.message_id and not parts[part.number].message_id:
                ids = (outcome.message_id, *outcome.further)
                sent = [self._as_sent(each, id_) for each, id_ in zip(wanted[part.number :], ids, strict=False)]
                together = len(sent) - 1
                await self._accepted(claim, *sent, more=part.number + len(sent) < len(kinds) or bool(surplus))
        return await self._take_surplus(prepared, message, surplus, len(kinds))

    async def _take_surplus(
        self, prepared: Prepared, message: Message, surplus: tuple[Part, ...], wanted: int
    ) -> Outcome:
        """Take away the parts that are too much by now, also those of which nobody heard that they were accepted."""
        claim, found = prepared.claim, tuple[Part, ...]()
        if prepared.resumed and self._adapter.can.history:
            unheard = [part for part in claim.owed.parts if part.message_id is None and part.number >= wanted]
            recovered = await self._finding.recover(claim, message, unheard)
            if not isinstance(recovered, tuple):
                return recovered
            found = recovered
        return await self._take_away(claim, (*surplus, *found))

    def _as_sent(self, part: Part, message_id: str) -> Part:
        return replace(part, message_id=message_id, sent_at=self._clock.now())

    async def _say_part(self, prepared: Prepared, message: Message, wanted: Part, stands: Part) -> Outcome:
        claim = prepared.claim
        if not stands.message_id:
            if prepared.begun.act == "edit" and not self._adapter.can_edit("", wanted.kind):
                return Done()  # it would stand apart from what it belongs to
            if stands.sent_at:
                return Done()  # it may stand there already, and the chat prefers not to have it twice
            return await self._send_part(prepared, message, wanted)
        # Parts of a send that was cut short stand as they are; so does what was sent before the chat moved.
        if prepared.begun.act == "send" or stands.chat != claim.owed.chat:
            return Done()
        outcome = await self._adapter.edit(claim.address, _sent(stands), message, wanted.number)
        if (
            isinstance(outcome, Done)
            and wanted.kind != stands.kind
            and self._adapter.can_edit(stands.kind, wanted.kind)
        ):
            await self._accepted(claim, wanted, more=True)
        return outcome

    async def _send_part(self, prepared: Prepared, message: Message, part: Part) -> Outcome:
        if prepared.resumed and self._finding.must_look(prepared.claim):
            found = await self._finding.look(prepared.claim, message, part)
            if found is not None:
                return found
        once = prepared.begun.act == "edit" and sends_once(prepared.claim, self._adapter)
        if once:
            await self._trying(prepared.claim, replace(part, sent_at=self._clock.now()))
        outcome = await self._adapter.send(prepared.claim.address, message, part.number, part.nonce)
        if once and not isinstance(outcome, Done | Unsure):
            await self._trying(prepared.claim, part)
        return replace(outcome, unsent=True) if isinstance(outcome, Gone) else outcome

    async def _find_unwanted(self, prepared: Prepared) -> Outcome:
        """Finish a send whose entry was withdrawn meanwhile: find the message, so that it can be removed.

        Done without a message id says that nothing of it stands in the chat.
        """
        claim = prepared.claim
        if not self._adapter.can.history:
            return _standing(claim) or Unsure(stored("it may have been sent before it was withdrawn"))
        unheard = [part for part in claim.owed.parts if part.message_id is None]
        found = await self._finding.recover(claim, message_of(claim), unheard)
        if not isinstance(found, tuple):
            return found
        return Done(found[-1].message_id or "") if found else _standing(claim) or Done()

    async def _remove(self, claim: Claim, *, resumed: bool) -> Outcome:
        """Take all of it away, the last first. Gone: people had done that; `resumed`: it may have been ourselves."""
        gone: list[Gone] = []
        standing = (*claim.owed.accepted, *claim.owed.leaving)
        for part in sorted(standing, key=lambda part: -part.number):
            outcome = await self._adapter.remove(claim.address, _sent(part))
            if not isinstance(outcome, Done | Gone):
                return outcome
            gone += [outcome] if isinstance(outcome, Gone) else []
            await self._forgotten(claim, part)
        return gone[0] if gone and len(gone) == len(standing) and not resumed else Done()

    async def _take_away(self, claim: Claim, parts: tuple[Part, ...]) -> Outcome:
        """Take parts away that are too much, the last first.

        That is written down before the call: a part that is missing afterwards was taken away by us, not by people.
        """
        for part in reversed(parts):
            if not part.leaving:
                await self._leaving(claim, replace(part, leaving=True))
            outcome = await self._adapter.remove(claim.address, _sent(part))
            if isinstance(outcome, Done | Gone):
                await self._forgotten(claim, part)
                continue
            if isinstance(outcome, Refused) or not (part.leaving or isinstance(outcome, Unsure)):
                await self._leaving(claim, replace(part, leaving=False))
            return outcome
        return Done()

    async def _pin(self, claim: Claim) -> Outcome:
        first = claim.owed.accepted[0]
        return await self._adapter.pin(claim.address, _sent(first), pinned=bool(claim.owed.pin_wanted))


def sends_once(claim: Claim, adapter: Adapter) -> bool:
    """Whether what may have been sent is not sent again: the chat prefers that, and no nonce makes it harmless."""
    return claim.policy == "skip" and not adapter.can.idempotent_send


def _by_number(prepared: Prepared) -> dict[int, Part]:
    """Return what stands or is to be sent in each place; where one is being taken away, what takes its place."""
    owed = prepared.claim.owed
    here = [part for part in (*owed.parts, *prepared.begun.parts) if part not in owed.leaving]
    return {part.number: part for part in sorted(here, key=lambda part: part.message_id is not None)}


def _standing(claim: Claim) -> Done | None:
    accepted = claim.owed.accepted
    return Done(accepted[0].message_id or "") if accepted else None


def _sent(part: Part) -> Sent:
    assert part.message_id is not None
    assert part.sent_at is not None
    return Sent(part.message_id, part.kind, part.sent_at)
