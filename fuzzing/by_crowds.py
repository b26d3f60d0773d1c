"""One reader's pages, full of one of their pieces after the other, for some seconds or until all were."""

from __future__ import annotations

import random
import sys
import time
from pathlib import Path

from .crowding import crowded
from .measuring import Tally
from .seeds import seeds


def main(reader: str, seconds: float, keep: Path) -> None:
    """Try the reader; the tally is written into `keep`."""
    tally, ends = Tally(), time.monotonic() + seconds
    tally.write(keep / "crowds.json")
    pages = seeds()[reader]
    random.shuffle(pages)
    for page in pages:
        for _, body in crowded(page.body):
            if time.monotonic() >= ends:
                return
            tally.try_page(body, page.url, keep)
            tally.write(keep / "crowds.json")


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]), Path(sys.argv[3]))
