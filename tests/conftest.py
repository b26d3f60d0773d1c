"""What all suites share: where the real pages and specifications lie, and suites that must not be skipped in CI.

LIVERELAY_REQUIRE names suites (by their markers, separated by spaces): skipping one of their tests is then a failure.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Generator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from sandbox.server import Sandbox, specs_from

# The same examples on every machine, however slow it is at the moment: a test that fails only now and then is broken.
settings.register_profile("steady", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("steady")


# More of them would need more connections than a PostgreSQL has that nobody configured.
_MOST_WORKERS = 12


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Two workers for each core: the tests wait for disks and processes about as long as they compute."""
    return min(_MOST_WORKERS, 2 * (os.cpu_count() or 1))


def _directory(variable: str, what: str) -> Path:
    """Return the directory that an environment variable names; skip where it names none."""
    named = os.environ.get(variable)
    if not named:
        pytest.skip(f"{variable} is not set: {what} are not on this machine")
    path = Path(named)
    if not path.is_dir():
        pytest.fail(f"{variable} names {path}, which is no directory")
    return path


@pytest.fixture(scope="session")
def samples_dir() -> Path:
    """Real pages of real publishers; they stay where they lie."""
    return _directory("LIVERELAY_SAMPLES", "real pages of real publishers")


@pytest.fixture(scope="session")
def specs_dir() -> Path:
    """The platforms' published specifications."""
    return _directory("LIVERELAY_SPECS", "the platforms' published specifications")


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    """The stand-ins on a free port, checking against the specifications where LIVERELAY_SPECS names them.

    In the end, all that was asked and answered must have kept to them.
    """
    async with Sandbox(specs=specs_from(os.environ)) as running:
        yield running
    assert [(call.method, call.problems) for call in running.calls.wrong] == []


# ── suites that must run ─────────────────────────────────────────────────────────────────────────────────────────


def _required() -> set[str]:
    return set(os.environ.get("LIVERELAY_REQUIRE", "").split())


def _must_not_skip(report: pytest.TestReport | pytest.CollectReport, suites: set[str]) -> None:
    """Turn a skip into a failure that says why it is one."""
    if not report.skipped or hasattr(report, "wasxfail"):
        return
    why = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    report.outcome = "failed"
    report.longrepr = f"Required here ({', '.join(sorted(suites))}), and skipped. {why}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if suites := _required() & {marker.name for marker in item.iter_markers()}:
        _must_not_skip(report, suites)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """A module that skips itself whole could hide a required suite."""
    report = yield
    if suites := _required():
        _must_not_skip(report, suites)
    return report
