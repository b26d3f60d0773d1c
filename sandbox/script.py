"""The script that the demo plays on the sandbox's page: the lightship of Port Ferrow drags her anchor.

Nothing in it ever happened: no place, ship or person is real.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from .page import LivePage

TITLE = "Lightship Marigold adrift: tugs race the tide at Port Ferrow"


@dataclass(frozen=True, slots=True)
class Step:
    """Something the newsroom does, `after` seconds since the step before."""

    after: float
    act: Mapping[str, Any]


SUMMARY = [
    "The lightship Marigold dragged her anchor before dawn and is drifting towards the Comb rocks",
    "Two tugs, the Bess and the Old Tom, have left Port Ferrow to bring her in",
    "All seven people on board are reported safe and well",
]

LATER_SUMMARY = [
    "The lightship Marigold is under tow and safely past the Comb rocks",
    "All nine people on board are well; the harbour band is waiting for them",
    "Her lamp never went out, the keeper says",
]

# Oldest first, each with how many minutes ago it was posted. What the script corrects and withdraws stands among the
# newest three: a chat that has just subscribed is shown no more than those.
EARLIER: tuple[tuple[dict[str, Any], int], ...] = (
    (
        {
            "headline": "Marigold reports a broken cable",
            "text": "The lightship Marigold has told Port Ferrow harbour office that her anchor cable has parted.\n\n"
            "She carries the only light between Cape Thimble and the Comb rocks.",
            "label": "Get up to speed",
        },
        62,
    ),
    (
        {
            "headline": "Wind from the south-west, and rising",
            "text": "The harbour glass has fallen all night. The forecast office at Thimble Hill expects a fresh gale.",
        },
        55,
    ),
    (
        {
            "headline": "The tug Bess puts to sea",
            "text": "Bess cleared the mole a few minutes ago with a crew of five and two thousand feet of new rope.",
            "images": [
                {
                    "url": "tug-bess.png",
                    "alt": "A small tug leaves a harbour under a low sky",
                    "caption": "Bess passes the mole light at first daylight",
                    "credit": "Port Ferrow Gazette",
                }
            ],
        },
        38,
    ),
    (
        {
            "headline": "What a lightship is for",
            "text": "Where a tower cannot stand, a ship is anchored and carries the lamp instead.\n\n"
            "• Marigold was built in 1931 and has no engine\n\n"
            "• Her lamp can be seen for eleven miles\n\n"
            "• She has left her station twice, both times on purpose",
            "author": "Wren Halloway",
            "role": "Maritime correspondent",
            "label": "Analysis",
        },
        29,
    ),
    (
        {
            "text": "You can follow the tide on the [harbour office's board](https://harbour.example/tides). "
            "High water at the Comb is **an hour away**.",
        },
        21,
    ),
    (
        {
            "headline": "Half a mile from the Comb",
            "text": "From the cliff path we can see Marigold clearly. She is rolling heavily, and her lamp is lit.",
            "author": "Jory Penhallam",
            "role": "At Cape Thimble",
        },
        12,
    ),
    (
        {
            "headline": "Who is on board?",
            "text": "The harbour office says that seven people are aboard Marigold, and a ship's cat named Plimsoll.",
            "key": "on-board",
        },
        9,
    ),
    (
        {
            "headline": "Unconfirmed: the lamp has gone out",
            "text": "Watchers on the pier tell us they can no longer see Marigold's lamp.",
            "key": "lamp-out",
        },
        4,
    ),
)

STEPS = (
    Step(
        4,
        {
            "act": "publish",
            "headline": "Bess is alongside",
            "text": "Bess has reached Marigold and is trying to pass a line across. It is slow work in this sea.",
        },
    ),
    Step(
        6,
        {
            "act": "publish",
            "headline": "Marigold is under tow",
            "text": "The line holds. Bess has turned Marigold's head to the sea, a quarter of a mile from the rocks.",
            "breaking": True,
            "key": "under-tow",
            "images": [
                {
                    "url": "under-tow.png",
                    "alt": "A red lightship behind a tug in rough water",
                    "caption": "The line is fast: Marigold behind the tug Bess",
                    "credit": "Port Ferrow Gazette",
                }
            ],
        },
    ),
    Step(
        6,
        {
            "act": "edit",
            "key": "on-board",
            "headline": "Who is on board? Nine, not seven",
            "text": "The harbour office has corrected its list: there are nine people aboard Marigold, two of them "
            "apprentices, and one ship's cat named Plimsoll. We first said that there were seven.",
        },
    ),
    Step(5, {"act": "withdraw", "key": "lamp-out"}),
    Step(
        4,
        {
            "act": "publish",
            "headline": "The lamp never went out",
            "text": "The keeper says by radio that her lamp has burned all night. We have taken down an earlier post "
            "that said otherwise.",
        },
    ),
    Step(4, {"act": "summary", "points": LATER_SUMMARY}),
    Step(
        6,
        {
            "act": "edit",
            "key": "under-tow",
            "text": "The line holds. Bess and the Old Tom are bringing Marigold in at two knots; the Comb rocks are "
            "behind them.",
        },
    ),
    Step(
        5,
        {
            "act": "publish",
            "headline": "Home",
            "text": "Marigold is fast to the fish quay at Port Ferrow. The band is playing, more or less together. "
            "Plimsoll was the first ashore.",
            "author": "Jory Penhallam",
            "role": "On the fish quay",
        },
    ),
    Step(5, {"act": "end"}),
)


def prepare(page: LivePage) -> None:
    """Put on the page what stood there before anybody looked: a title, a summary and eight posts."""
    page.reset()
    page.retitle(TITLE)
    page.summary(SUMMARY)
    now = page.current.modified_at
    for post, minutes in EARLIER:
        page.publish(**post, published_at=now - timedelta(minutes=minutes))


async def play(page: LivePage, pace: float = 1.0) -> None:
    """Play the script; at pace 1.0 it takes 45 seconds, at 0 no time. Prepares the page unless it stands ready."""
    if page.current.title != TITLE or not page.current.live:
        prepare(page)
    for step in STEPS:
        await asyncio.sleep(step.after * pace)
        page.act(step.act)
