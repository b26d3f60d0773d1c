"""The robots.txt of each site, asked for once a day at most, and obeyed."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import httpx

from ..errors import FetchError, FetchRefused
from ..languages import stored
from ..ports import Clock
from .budget import Budget
from .headers import max_age
from .robots import MOST_BYTES, Rules, parse
from .web import Redirect, Web, redirect, take

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
MOST_REDIRECTS = 5
MOST_SITES = 128


@dataclass(slots=True)
class _Site:
    """What one site's robots.txt said, and until when that is believed; None: not known yet."""

    asking: asyncio.Lock = field(default_factory=asyncio.Lock)
    rules: Rules | None = None
    until: datetime | None = None


class RobotsCache:
    """Answers whether a site lets us read a page (RFC 9309)."""

    def __init__(self, web: Web, clock: Clock) -> None:
        self._web = web
        self._clock = clock
        self._sites: OrderedDict[str, _Site] = OrderedDict()

    async def check(self, url: httpx.URL, budget: Budget) -> None:
        """Return if we may read the page; raises FetchRefused if not, FetchError where that cannot be known now."""
        site = self._site(url)
        async with budget.hold(site.asking, url.host):
            rules = await self._rules(site, url, budget)
        if not rules.allow(url.raw_path.decode("ascii")):
            forbidden = stored("{host} asks programs not to read this page (in its robots.txt).")
            raise FetchRefused(forbidden.format(host=url.host))

    async def _rules(self, site: _Site, url: httpx.URL, budget: Budget) -> Rules:
        now = self._clock.now()
        if site.rules is not None and site.until is not None and now < site.until:
            return site.rules
        try:
            site.rules, fresh = await self._ask(url.join("/robots.txt"), budget)
        except FetchRefused:
            raise
        except FetchError:
            if site.rules is None:
                raise
            return site.rules  # an old copy serves while the new one cannot be had (RFC 9309, 2.4)
        site.until = now + fresh
        return site.rules

    async def _ask(self, url: httpx.URL, budget: Budget) -> tuple[Rules, timedelta]:
        for _ in range(MOST_REDIRECTS + 1):
            answer = await self._web.get(url, {}, budget, _read)
            if not isinstance(answer, Redirect):
                return answer
            url = self._web.checked(answer.to)
        return Rules(), DAY  # more redirects than must be followed: as if there were none (RFC 9309, 2.3.1.2)

    def _site(self, url: httpx.URL) -> _Site:
        origin = f"{url.scheme}://{url.netloc.decode('ascii')}"
        site = self._sites.setdefault(origin, _Site())
        self._sites.move_to_end(origin)
        if len(self._sites) > MOST_SITES:
            self._sites.popitem(last=False)
        return site


async def _read(answer: httpx.Response) -> Redirect | tuple[Rules, timedelta]:
    """Return the rules and for how long they are believed: as long as Cache-Control says, but an hour to a day."""
    if sent_on := redirect(answer):
        return sent_on
    fresh = max_age(answer.headers.get("Cache-Control", ""))
    believed = DAY if fresh is None else max(HOUR, min(fresh, DAY))
    if 400 <= answer.status_code < 500:
        return Rules(), believed
    if answer.status_code != 200:
        host, status = answer.request.url.host, answer.status_code
        unsaid = stored("{host} does not say now what may be read (its robots.txt: {status}).")
        raise FetchError(unsaid.format(host=host, status=status), status=status)
    body, _ = await take(answer, MOST_BYTES)
    return parse(body), believed
