"""One reader's pages after blows that hypothesis draws, for some seconds."""

from __future__ import annotations

import secrets
import sys
import time
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from .measuring import Tally
from .mutating import KINDS, TOKENS, Blow, struck
from .seeds import Seed, seeds

_ROUND = 100
_blows = st.builds(
    Blow,
    kind=st.sampled_from(KINDS),
    at=st.floats(0, 1),
    size=st.floats(0, 1),
    token=st.integers(0, len(TOKENS) - 1),
)


def main(reader: str, seconds: float, keep: Path) -> None:
    """Try the reader; the tally is written into `keep`."""
    pages, tally, ends = seeds()[reader], Tally(), time.monotonic() + seconds
    while time.monotonic() < ends:
        _round(pages, tally, keep)
        tally.write(keep / "blows.json")


def _round(pages: list[Seed], tally: Tally, keep: Path) -> None:
    @seed(secrets.randbits(64))
    @settings(
        max_examples=_ROUND,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(page=st.sampled_from(pages), blows=st.lists(_blows, min_size=1, max_size=6))
    def try_one(page: Seed, blows: list[Blow]) -> None:
        tally.try_page(struck(page.body, tuple(blows)), page.url, keep)

    try_one()


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]), Path(sys.argv[3]))
