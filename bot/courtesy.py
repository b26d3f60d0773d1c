"""How often a kind of page may be asked for at most, whatever happens on it. Pure.

What publishers say in their own clients, headers and feeds (docs/sources.md, "How often a page is asked for"), as
multiples of the shortest interval, so that an operator who halves it for pages of their own halves everything.
"""

from __future__ import annotations

from datetime import timedelta

from .cadence import Limits

OTHERWISE = 4
_MULTIPLES = {
    "wordpress-liveblog": 2,
    "sourcefabric": 2,
    "guardian-api": 12,
    "feed": 60,
}
_DEFAULT_SHORTEST = timedelta(seconds=15)


METERED = "guardian-api"
"""The reader whose pages share a day's allowance."""


def courtesy(reader: str, told: timedelta | None, limits: Limits, sharing: int = 1) -> timedelta:
    """Return the shortest wait between two looks: at the defaults a minute, 30 s where a platform's own client asks
    every 10 s, three minutes for the Guardian's API, and for a feed what it says itself (`told`), else 15 minutes.
    `sharing` pages share the API's allowance: all together ask 480 times a day, and a key has 500.
    """
    if told is not None:
        return told * (limits.min_interval / _DEFAULT_SHORTEST)
    return limits.min_interval * _MULTIPLES.get(reader, OTHERWISE) * max(1, sharing)
