"""docs/security.md names every kind of attack, and every kind that it names is tried."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
_ROW = re.compile(r"^\| (?P<kind>[a-z ]+) \| .* \| .* \|$", re.MULTILINE)


def test_every_kind_of_attack_in_the_threat_model_is_tried() -> None:
    told = (ROOT / "docs" / "security.md").read_text().partition("| kind of attack |")[2]
    tried = {
        kind
        for test in (ROOT / "tests").rglob("test_*.py")
        for kind in re.findall(r"mark\.attack\(\"([^\"]+)\"\)", test.read_text())
    }
    assert {row["kind"] for row in _ROW.finditer(told)} == tried
