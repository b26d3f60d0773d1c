"""`make bench`: every figure beside its yardstick, measured in the same run."""

from __future__ import annotations

import asyncio
import logging

import structlog
from rich.console import Console
from rich.table import Table

from .filtering import filtering
from .folding import folding
from .memory import memory
from .polling import polling
from .reading import reading
from .reading_formats import reading_formats
from .recording import recording
from .sending import sending
from .yardstick import Figure


async def measure() -> list[Figure]:
    """Run every benchmark, one after the other."""
    read = [*reading(), *reading_formats()]
    return [*read, filtering(), folding(), await polling(), await recording(), await sending(), *await memory()]


def main() -> None:
    """Print the table."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    table = Table(
        "what", "ours", "yardstick", "", "ratio", "", title="LiveRelay beside its yardsticks (aim: within 2x)"
    )
    for figure in asyncio.run(measure()):
        verdict = "" if figure.ratio <= 2 else "over the aim"
        ours, yardstick = f"{figure.ours:.2f} {figure.unit}", f"{figure.yardstick:.2f} {figure.unit}"
        table.add_row(figure.what, ours, figure.yardstick_name, yardstick, f"{figure.ratio:.2f}x", verdict)
    Console(width=120).print(table)


if __name__ == "__main__":
    main()
