"""What is counted, for Prometheus: a fixed set of names, and labels whose values are few and known beforehand.

No label holds an address, a chat or a reason as somebody wrote it: what a page or a platform says cannot make series.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Info
from prometheus_client.process_collector import ProcessCollector

from . import __version__
from .alerts import Kind
from .model import Platform
from .ports import Failed, Later, Outcome, Refused, Unsure
from .pulse import Pulse
from .store.backlog import Backlog
from .watch import PollOutcome

_LAG = (1, 2, 5, 10, 15, 20, 30, 45, 60, 90, 120, 300, 900, 3600)
_POLL = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 60)
_DATABASE = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 10)


class Metrics:
    """The counters of one process, in a registry of their own (a `Watch`)."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.registry = registry
        self.pulse = Pulse()
        ProcessCollector(registry=registry)
        Info("liverelay_build", "The program that runs.", registry=registry).info({"version": __version__})
        self._lag = self._histogram("lag", "From an entry's publication to its first message.", _LAG, "platform")
        self._polls = self._counter("polls", "Looks at sources, by how they ended.", "outcome")
        self._poll = self._histogram("poll", "How long a look at a source took.", _POLL)
        self._ticked = self._gauge("poller_ticked_timestamp_seconds", "When the poller last looked for what is due.")
        self._acts = self._counter(
            "acts", "What platforms were asked for, by their answer.", "platform", "act", "outcome"
        )
        self._waits = self._counter("told_to_wait", "Answers that said: not now (429).", "platform", "scope")
        self._refusals = self._counter("refusals", "Answers that said: never, by what was wrong.", "platform", "about")
        self._given_up = self._counter("given_up", "Deliveries that became dead letters.", "platform")
        self._connected = self._gauge("connected", "1: the bot is logged in and listens.", "platform")
        self._sends = self._gauge("sends", "1: this process holds the lease of the bot's token.", "platform")
        self._owed = self._gauge("owed", "Deliveries that are owed now.", "platform")
        self._held = self._gauge("held", "Deliveries that a pause, quiet hours or a schedule hold.", "platform")
        self._lanes = self._gauge("lanes_owed", "Chats that are owed something now.", "platform")
        self._longest = self._gauge("owed_in_longest_lane", "Deliveries owed to the chat owed most.", "platform")
        self._oldest = self._gauge("oldest_owed_seconds", "For how long the oldest of them has been owed.", "platform")
        self._dead = self._gauge("dead_letters", "Deliveries that were given up and not replayed.", "platform")
        self._alerts = self._gauge("alerts", "Troubles that the operator was told of and that last.", "kind")
        self._database = self._histogram("database", "Transactions, waiting for them included.", _DATABASE, "kind")

    def _counter(self, name: str, told: str, *labels: str) -> Counter:
        return Counter(f"liverelay_{name}", told, labels, registry=self.registry)

    def _gauge(self, name: str, told: str, *labels: str) -> Gauge:
        return Gauge(f"liverelay_{name}", told, labels, registry=self.registry)

    def _histogram(self, name: str, told: str, buckets: tuple[float, ...], *labels: str) -> Histogram:
        return Histogram(f"liverelay_{name}_seconds", told, labels, buckets=buckets, registry=self.registry)

    # ── what happens ─────────────────────────────────────────────────────────────────────────────────────────────

    def ticked(self, now: datetime) -> None:
        """The poller looked for sources that are due."""
        self._ticked.set(now.timestamp())
        self.pulse.ticked_at = now

    def polled(self, outcome: PollOutcome, took: timedelta) -> None:
        """Count a look at a source."""
        self._polls.labels(outcome).inc()
        self._poll.observe(took.total_seconds())

    def answered(
        self, platform: Platform, act: str, outcome: Outcome, *, given_up: bool, lag: timedelta | None
    ) -> None:
        """Count a platform's answer."""
        self._acts.labels(platform, act, type(outcome).__name__.lower()).inc()
        silent = isinstance(outcome, Unsure) or (isinstance(outcome, Failed) and outcome.platform_wide)
        self.pulse.unanswered[platform] = self.pulse.unanswered.get(platform, 0) + 1 if silent else 0
        if isinstance(outcome, Later):
            self._waits.labels(platform, outcome.scope).inc()
        elif isinstance(outcome, Refused):
            self._refusals.labels(platform, outcome.about).inc()
        if given_up:
            self._given_up.labels(platform).inc()
        if lag is not None:
            self._lag.labels(platform).observe(lag.total_seconds())

    def connected(self, platform: Platform, *, so: bool) -> None:
        """Note whether a bot listens."""
        self._connected.labels(platform).set(so)
        self.pulse.connected[platform] = so

    def sends(self, platform: Platform, *, so: bool) -> None:
        """Note whether this process sends for a bot."""
        self._sends.labels(platform).set(so)
        self.pulse.sends[platform] = so

    @contextmanager
    def transaction(self, kind: str) -> Iterator[None]:
        """Measure a transaction (`store.engine.Timed`)."""
        begun = time.perf_counter()
        try:
            yield
        finally:
            self._database.labels(kind).observe(time.perf_counter() - begun)

    # ── what stands ──────────────────────────────────────────────────────────────────────────────────────────────

    def stands(self, backlogs: Iterable[Backlog], alerts: Mapping[Kind, int], now: datetime) -> None:
        """Note what is owed and what is wrong at this moment, as the database tells it."""
        for kind, count in alerts.items():
            self._alerts.labels(kind).set(count)
        for each in backlogs:
            self._owed.labels(each.platform).set(each.owed)
            self._held.labels(each.platform).set(each.held)
            self._lanes.labels(each.platform).set(each.lanes)
            self._longest.labels(each.platform).set(each.longest)
            self._dead.labels(each.platform).set(each.dead)
            self._oldest.labels(each.platform).set(max(0.0, (now - each.oldest).total_seconds()) if each.oldest else 0)
