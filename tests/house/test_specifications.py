"""Every request of the whole test run is held against the platforms' published specifications."""

from __future__ import annotations

from pathlib import Path

TESTS = Path(__file__).parents[1]


def test_every_suite_but_the_sandboxs_own_checks_every_call() -> None:
    elsewhere = [path for path in TESTS.rglob("*.py") if path.parent.name != "sandbox" and path != Path(__file__)]
    made = [str(path.relative_to(TESTS)) for path in elsewhere if "Sandbox(" in path.read_text(encoding="utf-8")]
    assert made == ["sandboxes.py"], "make it by tests.sandboxes.checked"


def test_ci_has_the_specifications() -> None:
    assert "LIVERELAY_SPECS" in (TESTS.parent / ".ci" / "run").read_text(encoding="utf-8")
