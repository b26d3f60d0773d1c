"""The clock that everything waits by, while the machine's is put back and forward."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from bot.clock import SystemClock
from bot.scheduler import Scheduler

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@dataclass
class Machine:
    """A machine whose clock people set; `up` are the seconds for which it has run."""

    wall: datetime = NOON
    up: float = 0.0

    def pass_by(self, span: timedelta) -> None:
        self.wall += span
        self.up += span.total_seconds()


@pytest.fixture
def machine() -> Machine:
    return Machine()


@pytest.fixture
def clock(machine: Machine) -> SystemClock:
    return SystemClock(lambda: machine.wall, lambda: machine.up)


def test_the_time_is_that_of_the_machine(machine: Machine, clock: SystemClock) -> None:
    assert clock.now() == NOON
    machine.pass_by(HOUR)
    assert clock.now() == NOON + HOUR


def test_a_clock_that_is_put_forward_is_believed_at_once(machine: Machine, clock: SystemClock) -> None:
    machine.wall += HOUR
    assert clock.now() == NOON + HOUR


def test_where_the_machines_clock_is_put_back_time_goes_on(machine: Machine, clock: SystemClock) -> None:
    clock.now()
    machine.wall -= HOUR
    assert clock.now() == NOON
    machine.pass_by(timedelta(minutes=2))
    told = clock.now()
    assert timedelta(seconds=80) <= told - NOON < timedelta(minutes=2)


def test_the_machines_clock_catches_up_and_is_believed_again(machine: Machine, clock: SystemClock) -> None:
    clock.now()
    machine.wall -= timedelta(minutes=1)
    for _ in range(10):
        machine.pass_by(timedelta(minutes=1))
        clock.now()
    assert clock.now() == machine.wall


def test_a_clock_that_was_days_ahead_is_not_followed_for_days(machine: Machine, clock: SystemClock) -> None:
    machine.wall += timedelta(days=30)
    clock.now()
    machine.wall = NOON
    assert clock.now() == NOON


def test_a_process_goes_on_from_where_the_one_before_it_was(machine: Machine, clock: SystemClock) -> None:
    assert clock.not_before(NOON + HOUR) == HOUR
    assert clock.now() == NOON + HOUR
    machine.pass_by(timedelta(minutes=4))
    assert clock.now() == NOON + HOUR + timedelta(minutes=3)


@pytest.mark.parametrize("earlier", [NOON - HOUR, NOON, NOON + timedelta(days=30)])
def test_a_process_believes_the_machine_that_is_not_behind_or_was_days_ahead(
    clock: SystemClock, earlier: datetime
) -> None:
    assert clock.not_before(earlier) == timedelta()
    assert clock.now() == NOON


async def test_every_job_runs_at_once_when_the_machines_clock_was_put_back() -> None:
    now = datetime.now(UTC)
    walls = [now + HOUR, now + HOUR, *[now] * 9]
    ran: asyncio.Queue[str] = asyncio.Queue()

    async def job() -> None:
        ran.put_nowait("job")

    failures: list[BaseException] = []
    scheduler = Scheduler(failures.append, wall=lambda: walls.pop(0))
    scheduler.every(HOUR, "job", job)
    scheduler.start()
    async with asyncio.timeout(5):
        assert [await ran.get(), await ran.get()] == ["job", "job"]
    await scheduler.stop()
    assert not failures
