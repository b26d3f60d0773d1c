"""Whose pages are looked at at the same time, so that no host keeps those of others waiting. Pure; time is an argument.

One host is asked one thing at a time (`sources.hosts`), so that its pages wait for each other, each in a place of its
own; and a look at a host that drips takes as long as a fetch may. Sixteen such pages would hold all places there are.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from urllib.parse import urlsplit

AT_ONCE, PER_HOST, SLOW_AT_ONCE = 16, 4, 4
"""How many pages are looked at at once: in all, of one host, and of all the hosts that are slow."""
SLOW = timedelta(seconds=5)
"""A look that took longer makes its host slow; most take well under a second."""
_SHORTEST, _LONGEST, _REMEMBERED = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


class Sharing:
    """What is in hand, and which hosts are slow: for a minute at first, twice as long each time, an hour at most."""

    def __init__(self) -> None:
        self._in_hand: Counter[str] = Counter()
        self._slow: dict[str, tuple[datetime, timedelta]] = {}

    @property
    def room(self) -> int:
        """How many more may be begun."""
        return AT_ONCE - self._in_hand.total()

    def begin(self, url: str) -> None:
        """Count a page that is begun."""
        self._in_hand[_host(url)] += 1

    def end(self, url: str, took: timedelta, now: datetime) -> None:
        """Let go of a page that was begun, and remember a host that is slow."""
        host = _host(url)
        self._in_hand[host] -= 1
        if took >= SLOW:
            _, before = self._slow.pop(host, (now, _SHORTEST / 2))
            wait = min(before * 2, _LONGEST)
            self._slow[host] = now + wait, wait
            self._forget(now)

    def choice(self, now: datetime) -> Choice:
        """Return a choice of what is begun next."""
        return Choice(+self._in_hand, {host for host, (until, _) in self._slow.items() if until > now})

    def _forget(self, now: datetime) -> None:
        for host, (until, _) in list(self._slow.items()):
            if now - until >= _REMEMBERED:
                del self._slow[host]


class Choice:
    """A choice among pages: those it lets in count from then on. `in_hand` are begun already, by host."""

    def __init__(self, in_hand: Counter[str], slow: set[str]) -> None:
        self._in_hand = in_hand
        self._slow = slow

    def lets_in(self, url: str) -> bool:
        """Whether there is a place for one more page of this host."""
        host = _host(url)
        if self._in_hand.total() >= AT_ONCE or self._in_hand[host] >= PER_HOST:
            return False
        if host in self._slow and sum(self._in_hand[each] for each in self._slow) >= SLOW_AT_ONCE:
            return False
        self._in_hand[host] += 1
        return True


def _host(url: str) -> str:
    return urlsplit(url).hostname or ""
