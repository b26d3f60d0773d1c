"""The poller: one look at a source, from the network to what is owed.

claim what is due → fetch → read → compare → plan → record
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from .cadence import Failure, Limits, Look, next_interval
from .compare import Comparison, compare, entries_of
from .courtesy import METERED, courtesy
from .errors import FetchError, PageGone, SourceError, UnreadablePage
from .exploring import Explorer, as_of, moved, understand
from .failing import chats_hear, operator_hears
from .horizon import horizon
from .model import Snapshot
from .notes import goes_on, outage
from .ports import Alarm, Alert, Clock, Discover, Fetcher, Read, Validators
from .seen import Seen, joined, read_elsewhere, shows_the_same
from .sharing import AT_ONCE, Sharing
from .store import catching_up, entries, hubs, moving, noting, planning, refolding, sources
from .store.engine import Database
from .store.sources import Missed, Polled, SourceState
from .watch import Unwatched, Watch, failed_as

log = structlog.get_logger(__name__)

# A poll may take: 20 s to fetch each of a few pages, 5 s to read each. After this another process may try.
LEASE = timedelta(minutes=5)
# How many pages back a burst is followed.
MOST_PAGES = 10
# So often in a row a further page, or a page's reading elsewhere, may fail to arrive; then the poll goes on without.
PATIENCE = 3


class Poller:
    """Looks at the sources that are due. `chance` gives jitter in [-1, 1]; `planned` is told that something is owed,
    `alarm` what whoever runs the program should know; `watch` counts.
    """

    def __init__(
        self,
        database: Database,
        fetcher: Fetcher,
        read: Read,
        discover: Discover,
        *,
        clock: Clock,
        owner: str,
        limits: Limits,
        chance: Callable[[], float],
        planned: Callable[[], None],
        alarm: Alarm,
        watch: Watch | None = None,
    ) -> None:
        self._database = database
        self._fetcher = fetcher
        self._read = read
        self._explorer = Explorer(fetcher, read, discover)
        self._clock = clock
        self._owner = owner
        self._limits = limits
        self._chance = chance
        self._planned = planned
        self._alarm = alarm
        self._watch = watch or Unwatched()
        self._due: asyncio.Queue[SourceState] = asyncio.Queue(AT_ONCE)
        self._sharing = Sharing()

    async def tick(self) -> int:
        """Claim what is due and hand it to `run`; return how many sources that were."""
        self._watch.ticked(self._clock.now())
        if self._sharing.room <= 0:
            return 0
        now = self._clock.now()
        async with self._database.write() as connection:
            choice = self._sharing.choice(now)
            due = await sources.claim_due(connection, self._owner, now, LEASE, choice.lets_in)
        for state in due:
            self._sharing.begin(state.read_at)
        for state in due:
            await self._due.put(state)
        return len(due)

    async def run(self, stopping: asyncio.Event) -> None:
        """Poll what `tick` claims, several sources at once, until told to stop; finish what was begun."""
        async with asyncio.TaskGroup() as polls:
            stop = polls.create_task(stopping.wait())
            while not stop.done():
                claimed = polls.create_task(self._due.get())
                await asyncio.wait({claimed, stop}, return_when=asyncio.FIRST_COMPLETED)
                if claimed.done():
                    polls.create_task(self.poll(claimed.result()))
                else:
                    claimed.cancel()

    async def poll(self, state: SourceState) -> int:
        """Look at one claimed source and return how many changes that brought."""
        begun = self._clock.now()
        try:
            seen = await self._see(state)
        except SourceError as error:
            self._watch.polled(failed_as(error), self._clock.now() - begun)
            await self._failed(state, error)
            return 0
        else:
            changes = await self._record(state, seen)
            self._watch.polled("changed" if changes else "unchanged", self._clock.now() - begun)
            return changes
        finally:
            now = self._clock.now()
            self._sharing.end(state.read_at, now - begun, now)

    async def _see(self, state: SourceState) -> Seen:
        """Ask where the page was read last; where that was never, or is there no longer, find out where."""
        if state.watched.baseline and not state.asked:
            return await self._explore(state)
        try:
            return await self._ask(state)
        except SourceError as error:
            lasting = isinstance(error, PageGone | UnreadablePage) or state.failures >= PATIENCE
            if not state.asked or not lasting:
                raise
            log.info("poll.reading_gone", source=state.url, asked=state.asked, why=str(error))
            return await self._explore(state)

    async def _explore(self, state: SourceState) -> Seen:
        explored = await self._explorer.explore(state.url)
        assert explored.fetched is not None, "what was asked has been fetched"
        moved_to = explored.url if explored.url != state.url else ""
        return Seen(explored.fetched, await self._all_pages(state, explored.snapshot), explored.asked, moved_to)

    async def _ask(self, state: SourceState) -> Seen:
        # What awaits a second look is looked at again, even on a page that says it is unchanged.
        known = Validators() if state.waiting_since else state.validators
        fetched = await self._fetcher.fetch(state.read_at, known)
        asked = fetched.moved_to if state.asked and fetched.moved_to else state.asked
        at = state.url if state.asked else moved(fetched, state.url)
        moved_to = at if at != state.url else ""
        if fetched.page is None:
            return Seen(fetched, None, asked, moved_to)
        snapshot = await self._all_pages(state, await understand(self._read, fetched.page))
        return Seen(fetched, as_of(snapshot, state.asked, state.url), asked, moved_to)

    async def _all_pages(self, state: SourceState, snapshot: Snapshot) -> Snapshot:
        """Return the snapshot with as many further pages as a burst filled."""
        for _ in range(MOST_PAGES - 1):
            if not await self._goes_on(state, snapshot):
                break
            further = await self._further(state, snapshot)
            if further is None:
                break
            snapshot = further
        return snapshot

    async def _goes_on(self, state: SourceState, snapshot: Snapshot) -> bool:
        """Whether a further page is needed: none of the posts seen so far, pinned ones aside, is known."""
        if state.watched.baseline or not snapshot.next_page:
            return False
        keys = [entry.key for entry in snapshot.entries if "pinned" not in entry.flags]
        async with self._database.read() as connection:
            return not await entries.known(connection, state.id, keys)

    async def _further(self, state: SourceState, snapshot: Snapshot) -> Snapshot | None:
        """Return the snapshot with the next page joined to it; None where that page is not there."""
        assert snapshot.next_page is not None
        try:
            fetched = await self._fetcher.fetch(snapshot.next_page)
            assert fetched.page is not None, "a request without validators brings a page"
            return joined(snapshot, await understand(self._read, fetched.page))
        except PageGone:
            return None
        except SourceError:
            # Without it entries would be passed over, so the poll is tried again first.
            if state.failures < PATIENCE:
                raise
            return None

    async def _record(self, state: SourceState, seen: Seen) -> int:
        now = self._clock.now()
        async with self._database.write() as connection:
            if seen.snapshot is None:
                found, changes = Comparison(), 0
            else:
                locked = await sources.lock(connection, state.id, self._owner)
                if locked is None:
                    return self._lost(state)
                await _name_hub(connection, state.id, seen)
                if seen.asked != locked.asked:
                    locked = replace(locked, watched=read_elsewhere(locked.watched, locked.last_ok_at))
                found = await self._compare(connection, locked, seen.snapshot, now)
                changes = await self._record_changes(connection, locked, seen.snapshot, found, now)
            if seen.moved_to and shows_the_same(found, seen.snapshot):
                await moving.redirect(connection, state.id, seen.moved_to, now)
                log.info("source.moved", source=state.url, to=seen.moved_to)
            noted = await self._recovered(connection, state, now)
            sharing = await sources.polled_by(connection, METERED) if _reader(state, seen) == METERED else 1
            polled = self._polled(state, seen, found, now, sharing)
            if not await sources.record_ok(connection, state, self._owner, polled):
                return self._lost(state)
        self._tell(state, seen, found)
        if state.told_at is not None and state.failing_since is not None:
            self._alarm(Alert("source.recovered", state.url, "It can be read again", state.failing_since))
        if noted:
            self._planned()
        return changes

    def _lost(self, state: SourceState) -> int:
        log.warning("poll.lease_lost", source=state.url)
        return 0

    async def _record_changes(
        self, connection: AsyncConnection, state: SourceState, snapshot: Snapshot, found: Comparison, now: datetime
    ) -> int:
        recorded = await entries.record(connection, state.id, found, sequence=state.sequence, now=now)
        if found.stale:
            await sources.record_stale(connection, state, now)
        else:
            await self._record_snapshot(connection, state, snapshot, found, now)
        if state.watched.baseline:
            await catching_up.catch_up_all(connection, state.id, now)
        else:
            await refolding.plan(connection, state.id, recorded, now)
        if snapshot.successor not in ("", state.successor) and not found.stale:
            await noting.note(connection, state.id, goes_on(snapshot.successor, now), now)
        return len(recorded)

    async def _record_snapshot(
        self, connection: AsyncConnection, state: SourceState, snapshot: Snapshot, found: Comparison, now: datetime
    ) -> None:
        floor = None if snapshot.whole else horizon(snapshot.entries)
        await sources.record_snapshot(connection, state, snapshot, found, now=now, floor_at=floor)
        if snapshot.complete and snapshot.status != state.watched.status:
            await planning.pin_summary(connection, state.id, snapshot.status, now)

    async def _compare(
        self, connection: AsyncConnection, state: SourceState, snapshot: Snapshot, now: datetime
    ) -> Comparison:
        told = entries_of(snapshot, state.watched.status)
        keys = [entry.key for entry in told]
        known = await entries.known(connection, state.id, [*keys, *snapshot.withdrawn])
        times = [entry.published_at for entry in snapshot.entries if entry.published_at]
        edge = horizon(snapshot.entries)
        nearby = []
        if edge is not None or snapshot.whole:
            since = None if snapshot.whole else edge
            nearby = await entries.nearby(connection, state.id, since, times)
        after = self._limits.removal_after
        return compare(snapshot, state.watched, known, nearby, now=now, removal_after=after)

    def _polled(self, state: SourceState, seen: Seen, found: Comparison, now: datetime, sharing: int) -> Polled:
        snapshot = seen.snapshot
        status = snapshot.status if snapshot else state.watched.status
        every = snapshot.every if snapshot else state.every
        pace = courtesy(_reader(state, seen), every, self._limits, sharing)
        look = Look(
            changed=bool(found.changes),
            ended=status == "ended",
            max_age=max(seen.fetched.max_age or timedelta(), pace),
            missing_for=now - found.waiting_since if found.waiting_since else None,
            allowance=pace if sharing > 1 else timedelta(),
            quiet_for=now - state.changed_at if state.changed_at and not found.changes else timedelta(),
        )
        following = next_interval(state.interval or None, look, self._limits, self._chance())
        next_at = None if look.is_over else now + following.wait
        return Polled(now, next_at, following.interval, seen.fetched.validators, found.waiting_since, seen.asked)

    def _tell(self, state: SourceState, seen: Seen, found: Comparison) -> None:
        if found.held:
            log.error("poll.removals_held", source=state.url, why=found.held)
        kinds = [change.kind for change in found.changes]
        counts = {kind: kinds.count(kind) for kind in ("new", "edited", "removed", "returned") if kind in kinds}
        log.info("poll.done", source=state.url, unchanged=seen.snapshot is None, stale=found.stale, **counts)
        if found.changes:
            self._planned()

    async def _failed(self, state: SourceState, error: SourceError) -> None:
        now, failures = self._clock.now(), state.failures + 1
        since = state.failing_since or now
        asked = error.retry_after if isinstance(error, FetchError) else None
        # Once may be a slip of one of the server's caches.
        gone = isinstance(error, PageGone) and state.failures > 0
        failure = Failure(failures, asked, now - since, gone=gone)
        following = next_interval(state.interval or None, failure, self._limits, self._chance())
        hears = operator_hears(since, state.told_at, failures, now)
        next_at = None if failure.is_over else now + following.wait
        ended = gone and not state.watched.baseline
        missed = Missed(str(error), next_at, since, now if hears else state.told_at, ended=ended)
        async with self._database.write() as connection:
            await sources.record_failure(connection, state, missed)
            if ended:
                await planning.pin_summary(connection, state.id, "ended", now)
            noted = chats_hear(since, now) and await noting.note(connection, state.id, outage(since, over=False), now)
        log.warning("poll.failed", source=state.url, why=str(error), failures=failures)
        if hears:
            self._alarm(Alert("source.failing", state.url, str(error), since))
        if ended or noted:
            self._planned()

    async def _recovered(self, connection: AsyncConnection, state: SourceState, now: datetime) -> bool:
        """Say that an outage is over, to whoever heard of it; whether the chats had."""
        if state.failing_since is None:
            return False
        over = outage(state.failing_since, over=True)
        return await noting.is_noted(connection, state.id, over.key) and await noting.note(
            connection, state.id, over, now
        )


def _reader(state: SourceState, seen: Seen) -> str:
    return seen.snapshot.reader if seen.snapshot else state.reader


async def _name_hub(connection: AsyncConnection, source_id: int, seen: Seen) -> None:
    """Write down the hub that announces a source: what the feed says of it, else the Link header."""
    assert seen.snapshot is not None
    url = seen.snapshot.hub or seen.fetched.hub
    topic = (seen.snapshot.topic if seen.snapshot.hub else seen.fetched.topic) or seen.snapshot.topic
    if url and topic:
        await hubs.name(connection, source_id, url, topic)
