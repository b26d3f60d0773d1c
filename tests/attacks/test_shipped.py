"""What is installed is what was looked at: every package pinned by its hash, and no hash left out."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

pytestmark = pytest.mark.attack("packages")

ROOT = Path(__file__).parents[2]
_PINNED = re.compile(r"^[a-z0-9._\[\],-]+==\S+.*\\$")
_HASH = re.compile(r"^    --hash=sha256:[0-9a-f]{64}(?: \\)?$")


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-fuzz.lock"])
def test_a_package_that_was_exchanged_is_not_installed(lock: str, tried: Callable[[int], None]) -> None:
    lines = (ROOT / lock).read_text().splitlines()
    pinned = [number for number, line in enumerate(lines) if _PINNED.match(line)]
    tried(len(pinned))
    assert len(pinned) > 10
    assert all(_PINNED.match(line) or _HASH.match(line) for line in lines if line.strip())
    assert all(_HASH.match(lines[number + 1]) for number in pinned)


def test_nothing_is_installed_without_its_hash() -> None:
    installs = re.findall(r"pip install (?:.*\\\n)*.*", (ROOT / "Makefile").read_text())
    assert installs
    for install in installs:
        assert "--require-hashes" in install or "--no-deps --no-build-isolation --editable ." in install
