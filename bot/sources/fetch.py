"""The network, guarded: gets a page politely and within bounds, and says what came in the words of `bot.ports`."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from urllib.parse import urlencode

import httpx

from ..errors import FetchError, PageGone
from ..languages import stored
from ..model import Page
from ..ports import Clock, Fetched, Validators
from .budget import Budget
from .guard import Resolve, resolve
from .headers import max_age, retry_after
from .links import absolute
from .robots_cache import RobotsCache
from .web import FetchSettings, Redirect, Web, redirect, take

__all__ = ["FetchSettings", "HttpFetcher"]

NOTHING_KNOWN = Validators()
_VALIDATOR = re.compile(r"[\x20-\x7e]{1,500}")

_TOO_MANY_REDIRECTS = stored("{host} redirects too often (more than {most} times).")
_TOO_LARGE = stored("{host} sends a page of more than {most} MB.")
_GONE = stored("{host} has no such page (it answered {status}).")
_NOT_LET = stored("{host} does not let us read this page (it answered {status}).")
_NOT_SENT = stored("{host} did not send the page (it answered {status}).")


class HttpFetcher:
    """Fetches pages over HTTP (`bot.ports.Fetcher`). Close it when it is no longer needed.

    Public addresses only, robots.txt obeyed, one request at a time per host, `settings` bounding time and size; a
    host that asks for silence gets it, whatever source asks. Every error is a FetchError with one sentence.
    """

    def __init__(self, settings: FetchSettings, clock: Clock, *, resolve: Resolve = resolve) -> None:
        self._settings = settings
        self._clock = clock
        self._web = Web(settings, clock, resolve)
        self._robots = RobotsCache(self._web, clock)

    async def fetch(self, url: str, known: Validators = NOTHING_KNOWN, *, most: int | None = None) -> Fetched:
        """Get one page, conditionally where `known` says something; redirects are followed and guarded, too.

        `most` bytes instead of the settings' bound what is read.

        Raises FetchRefused, PageGone or FetchError.
        """
        budget, most = Budget(self._settings.timeout), most or self._settings.max_bytes
        asked, moved_to, permanent = self._web.checked(url), "", True
        for _ in range(self._settings.max_redirects + 1):
            await self._robots.check(asked, budget)
            answer = await self._web.get(asked, _conditions(known), budget, partial(self._read, known, most))
            if isinstance(answer, Fetched):
                return replace(answer, moved_to=moved_to)
            asked = self._web.checked(answer.to)
            permanent = permanent and answer.permanent
            moved_to = str(asked) if permanent else moved_to
        raise FetchError(_TOO_MANY_REDIRECTS.format(host=asked.host, most=self._settings.max_redirects))

    async def post(self, url: str, form: Mapping[str, str]) -> int:
        """Post a form to a service that a page names, guarded like a page, and return the status of the answer.

        Redirects are not followed. Raises FetchRefused or FetchError.
        """
        body, headers = urlencode(form).encode(), {"Content-Type": "application/x-www-form-urlencoded"}
        budget = Budget(self._settings.timeout)
        return await self._web.ask("POST", self._web.checked(url), headers, budget, _status, body=body)

    async def close(self) -> None:
        """Close all connections; safe to call twice."""
        await self._web.close()

    async def _read(self, known: Validators, most: int, answer: httpx.Response) -> Fetched | Redirect:
        if sent_on := redirect(answer):
            return sent_on
        if answer.status_code == 304 and known != NOTHING_KNOWN:
            return self._fetched(answer, None, _validators(answer, known))
        self._refuse(answer)
        return await self._read_body(known, most, answer)

    async def _read_body(self, known: Validators, most: int, answer: httpx.Response) -> Fetched:
        body, whole = await take(answer, most)
        if not whole:
            raise FetchError(_TOO_LARGE.format(host=answer.request.url.host, most=f"{most / 1_000_000:g}"))
        validators = replace(_validators(answer, NOTHING_KNOWN), body_hash=hashlib.sha256(body).hexdigest())
        if validators.body_hash == known.body_hash:
            return self._fetched(answer, None, validators)
        content_type = answer.headers.get("Content-Type", "")
        page = Page(body, str(self._web.unkeyed(answer.request.url)), self._clock.now(), content_type)
        return self._fetched(answer, page, validators)

    def _fetched(self, answer: httpx.Response, page: Page | None, validators: Validators) -> Fetched:
        at = page.fetched_at if page else self._clock.now()
        fresh = max_age(answer.headers.get("Cache-Control", ""))
        return Fetched(page, validators, at, fresh, hub=_linked(answer, "hub"), topic=_linked(answer, "self"))

    def _refuse(self, answer: httpx.Response) -> None:
        """Raise what every status but 200 means to us."""
        host, status = answer.request.url.host, answer.status_code
        if status == 200:
            return
        if status in (404, 410):
            raise PageGone(_GONE.format(host=host, status=status), status=status)
        wait = retry_after(answer.headers.get("Retry-After", ""), self._clock.now())
        what = _NOT_LET if status in (401, 402, 403, 451) else _NOT_SENT
        raise FetchError(what.format(host=host, status=status), status=status, retry_after=wait)


def _linked(answer: httpx.Response, rel: str) -> str:
    """Return where the answer's Link header of a kind leads (RFC 8288)."""
    base = str(answer.request.url.copy_with(query=None))
    return absolute(base, answer.links.get(rel, {}).get("url"))


async def _status(answer: httpx.Response) -> int:
    return answer.status_code


def _conditions(known: Validators) -> Mapping[str, str]:
    """Return the headers that make a request conditional."""
    wanted = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified}
    return {name: value for name, value in wanted.items() if value}


def _validators(answer: httpx.Response, known: Validators) -> Validators:
    """Return what an answer gives to ask with next time, else what we had; only what can be sent back as it is."""
    etag, modified = (answer.headers.get(name, "") for name in ("ETag", "Last-Modified"))
    return replace(
        known,
        etag=etag if _VALIDATOR.fullmatch(etag) else known.etag,
        last_modified=modified if _VALIDATOR.fullmatch(modified) else known.last_modified,
    )
