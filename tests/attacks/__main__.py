"""`make attacks`: tries every attack, and prints how many of each kind failed, as they must."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Generator

import pytest


class Score:
    """Counts attacks by their kind: a test is one, unless it says how many it tries."""

    def __init__(self) -> None:
        self.tried: Counter[str] = Counter()
        self.succeeded: Counter[str] = Counter()
        self.skipped: Counter[str] = Counter()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Let a report, which may come from another process, say of which kind it is."""
        report = yield
        report.user_properties.extend(("attack", str(marker.args[0])) for marker in item.iter_markers("attack"))
        return report

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count what was tried, and what did harm."""
        told = dict(report.user_properties)
        kind, attacks = str(told.get("attack", "")), told.get("attacks", 1)
        if kind and report.when == "call" and not report.skipped:
            self.tried[kind] += attacks if isinstance(attacks, int) else 1
        if kind and report.failed:
            self.succeeded[kind] += 1
        if kind and report.skipped:
            self.skipped[kind] += 1

    def lines(self) -> list[str]:
        """Return a table, and its sum."""
        width = max(map(len, self.tried), default=0)
        kinds = sorted({*self.tried, *self.succeeded, *self.skipped})
        told = [
            f"{kind:{width}}  {self.tried[kind]:5} tried"
            + (f", TESTS THAT THEY BROKE: {self.succeeded[kind]}" if self.succeeded[kind] else ", all failed")
            + (f"; {self.skipped[kind]} tests skipped" if self.skipped[kind] else "")
            for kind in kinds
        ]
        return [*told, f"{sum(self.tried.values())} attacks tried"]


def main() -> int:
    """Attack; 1 if something came through."""
    score = Score()
    code = pytest.main(["-q", "-m", "attack", "-p", "no:cacheprovider", "--no-header", "tests"], plugins=[score])
    sys.stdout.write("\n".join(["", *score.lines(), ""]))
    return int(code)


if __name__ == "__main__":
    sys.exit(main())
