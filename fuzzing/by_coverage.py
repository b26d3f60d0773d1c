"""One reader's pages as atheris changes them, which sees which lines of ours each change reaches, for some seconds."""

from __future__ import annotations

import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["bot.sources"]):
    from .measuring import Tally
    from .seeds import seeds

_WRITTEN_EVERY = 50
_LONGEST = 200_000
"""Bytes; large pages are the blows' part, coverage is found in small ones."""


def main(reader: str, seconds: float, keep: Path) -> None:
    """Try the reader; never returns: the engine ends the process. The tally is written into `keep` all the time."""
    pages, tally = seeds()[reader], Tally()
    corpus = keep / "corpus"
    corpus.mkdir(exist_ok=True)
    for number, page in enumerate(pages):
        (corpus / str(number)).write_bytes(page.body[:_LONGEST])

    def try_one(body: bytes) -> None:
        tally.try_page(body, pages[0].url, keep)
        if tally.inputs % _WRITTEN_EVERY == 0 or tally.failed:
            tally.write(keep / "coverage.json")

    limits = [f"-max_total_time={int(seconds)}", f"-max_len={_LONGEST}", "-rss_limit_mb=0", "-timeout=60"]
    atheris.Setup([sys.argv[0], *limits, f"-artifact_prefix={keep}/", str(corpus)], try_one)
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]), Path(sys.argv[3]))
