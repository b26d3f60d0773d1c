"""Every request of the whole test run is held against the platforms' published specifications."""

from __future__ import annotations

from pathlib import Path

TESTS = Path(__file__).parents[1]


def test_every_suite_but_the_sandboxs_own_checks_every_call_that_it_made() -> None:
    elsewhere = [path for path in TESTS.rglob("*.py") if path.parent.name != "sandbox" and path != Path(__file__)]
    texts = {path.relative_to(TESTS): path.read_text(encoding="utf-8") for path in elsewhere}
    makes = {path for path, text in texts.items() if "Sandbox(" in text}
    checks = {path for path, text in texts.items() if "calls.wrong" in text or "on_stage(" in text}
    assert makes
    assert makes <= checks
    assert [path for path in makes if "specs=specs_from(os.environ)" not in texts[path]] == []


def test_ci_has_the_specifications() -> None:
    assert "LIVERELAY_SPECS" in (TESTS.parent / ".ci" / "run").read_text(encoding="utf-8")
