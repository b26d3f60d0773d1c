"""Getting a page: what is asked, what comes back, and what unchanged means."""

from __future__ import annotations

import asyncio
import hashlib
from datetime import timedelta

import pytest
from aiohttp import web

from bot import __version__
from bot.errors import FetchError, FetchRefused, PageGone
from bot.ports import Validators
from bot.sources.fetch import HttpFetcher

from .site import HandClock, Site, fetching, refusal

BODY = b"<h1>Storm</h1>"


async def test_a_page_comes_with_its_bytes_type_time_and_validators(
    site: Site, fetcher: HttpFetcher, clock: HandClock
) -> None:
    given = {"ETag": '"1"', "Last-Modified": "Fri, 01 Mar 2024 11:00:00 GMT", "Cache-Control": "public, max-age=30"}
    site.says("/live", BODY, headers={**given, "Content-Type": "text/html; charset=utf-8"})
    fetched = await fetcher.fetch(site.url("/live#post"))
    assert fetched.page
    assert fetched.page.body == BODY
    assert fetched.page.url == site.url("/live")
    assert fetched.page.content_type == "text/html; charset=utf-8"
    assert fetched.page.fetched_at == fetched.fetched_at == clock.now()
    assert fetched.validators == Validators('"1"', "Fri, 01 Mar 2024 11:00:00 GMT", hashlib.sha256(BODY).hexdigest())
    assert (fetched.max_age, fetched.moved_to, fetched.unchanged) == (timedelta(seconds=30), "", False)


async def test_a_request_says_who_asks_and_accepts_gzip_only(site: Site, fetcher: HttpFetcher) -> None:
    site.says("/live", BODY)
    await fetcher.fetch(site.url("/live"))
    for request in site.requests:
        assert request.headers["User-Agent"] == f"LiveRelay/{__version__} (+https://relay.example/about)"
        assert request.headers["Accept-Encoding"] == "gzip"


async def test_what_is_known_makes_the_next_request_conditional(site: Site, fetcher: HttpFetcher) -> None:
    known = Validators('W/"1"', "Fri, 01 Mar 2024 11:00:00 GMT", "abc")
    site.says("/live", status=304, headers={"Cache-Control": "max-age=60"})
    fetched = await fetcher.fetch(site.url("/live"), known)
    (request,) = site.asked("/live")
    assert request.headers["If-None-Match"] == known.etag
    assert request.headers["If-Modified-Since"] == known.last_modified
    assert fetched.unchanged
    assert (fetched.validators, fetched.max_age) == (known, timedelta(seconds=60))


async def test_a_304_that_nobody_asked_for_is_an_error(site: Site, fetcher: HttpFetcher) -> None:
    site.says("/live", status=304)
    assert (await refusal(fetcher, site.url("/live"))).status == 304


async def test_the_same_bytes_again_are_unchanged_even_without_validators(site: Site, fetcher: HttpFetcher) -> None:
    site.says("/live", BODY)
    first = await fetcher.fetch(site.url("/live"))
    site.says("/live", BODY, headers={"ETag": '"2"'})
    second = await fetcher.fetch(site.url("/live"), first.validators)
    assert (first.unchanged, second.unchanged) == (False, True)
    assert second.validators.etag == '"2"'
    site.says("/live", BODY + b" ")
    assert not (await fetcher.fetch(site.url("/live"), second.validators)).unchanged


async def test_a_validator_that_could_not_be_sent_back_is_forgotten(site: Site, fetcher: HttpFetcher) -> None:
    site.says("/live", BODY, headers={"ETag": '"ü"', "Last-Modified": "x" * 600})
    fetched = await fetcher.fetch(site.url("/live"))
    assert (fetched.validators.etag, fetched.validators.last_modified) == ("", "")


@pytest.mark.parametrize("status", [404, 410])
async def test_a_page_that_is_not_there_is_gone(site: Site, fetcher: HttpFetcher, status: int) -> None:
    site.says("/live", status=status)
    error = await refusal(fetcher, site.url("/live"))
    assert isinstance(error, PageGone)
    assert error.status == status
    assert "site.example" in str(error)


@pytest.mark.parametrize("status", [204, 206, 400, 401, 403, 418, 451, 500, 502, 503, 504])
async def test_any_other_answer_is_an_error_that_names_the_host_and_the_status(
    site: Site, fetcher: HttpFetcher, status: int
) -> None:
    site.says("/live", status=status)
    error = await refusal(fetcher, site.url("/live"))
    assert type(error) is FetchError
    assert (error.status, error.retry_after) == (status, None)
    assert "site.example" in str(error)
    assert str(status) in str(error)


@pytest.mark.attack("address guard")
async def test_no_cookie_is_kept(site: Site, fetcher: HttpFetcher) -> None:
    site.says("/live", BODY, headers={"Set-Cookie": "reader=7; Path=/"})
    await fetcher.fetch(site.url("/live"))
    await fetcher.fetch(site.url("/live"))
    assert not any("Cookie" in request.headers for request in site.requests)


@pytest.mark.attack("address guard")
async def test_proxies_of_the_environment_are_not_used(
    site: Site, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9/")
    site.says("/live", BODY)
    async with fetching(clock) as fetcher:
        assert (await fetcher.fetch(site.url("/live"))).page


async def test_a_connection_is_used_again(site: Site, fetcher: HttpFetcher) -> None:
    callers = []

    async def answer(request: web.Request) -> web.StreamResponse:
        assert request.transport
        callers.append(request.transport.get_extra_info("peername"))
        return web.Response(body=BODY)

    site.on("/live", answer)
    await fetcher.fetch(site.url("/live"))
    await fetcher.fetch(site.url("/live"))
    assert len(callers) == 2
    assert len(set(callers)) == 1


# ── redirects ────────────────────────────────────────────────────────────────────────────────────────────────────


def chain(site: Site, *statuses: int) -> None:
    """Let /0 lead to /1 and so on, by these statuses, up to the page."""
    for number, status in enumerate(statuses):
        site.says(f"/{number}", status=status, headers={"Location": f"/{number + 1}"})
    site.says(f"/{len(statuses)}", BODY)


@pytest.mark.parametrize(
    ("statuses", "moved_to"),
    [
        ([301], "/1"),
        ([308, 301], "/2"),
        ([302], ""),
        ([303], ""),
        ([307], ""),
        ([301, 302], "/1"),
        ([302, 301], ""),
        ([301, 302, 308], "/1"),
    ],
)
async def test_only_permanent_redirects_from_the_first_on_are_reported(
    site: Site, fetcher: HttpFetcher, statuses: list[int], moved_to: str
) -> None:
    chain(site, *statuses)
    fetched = await fetcher.fetch(site.url("/0"))
    assert fetched.page
    assert fetched.page.url == site.url(f"/{len(statuses)}")
    assert fetched.moved_to == (site.url(moved_to) if moved_to else "")


async def test_five_redirects_are_followed_and_six_are_not(site: Site, fetcher: HttpFetcher) -> None:
    chain(site, *[302] * 5)
    assert (await fetcher.fetch(site.url("/0"))).page
    chain(site, *[302] * 6)
    assert "too often" in str(await refusal(fetcher, site.url("/0")))


async def test_a_page_that_redirects_to_itself_ends(site: Site, fetcher: HttpFetcher) -> None:
    site.says("/live", status=301, headers={"Location": "/live"})
    await refusal(fetcher, site.url("/live"))
    assert len(site.asked("/live")) == 6


@pytest.mark.attack("address guard")
@pytest.mark.parametrize("location", ["", "http://[::1/"])
async def test_a_redirect_to_nowhere_is_an_error(site: Site, fetcher: HttpFetcher, location: str) -> None:
    site.says("/live", status=302, headers={"Location": location} if location else None)
    assert "site.example" in str(await refusal(fetcher, site.url("/live")))


@pytest.mark.parametrize(
    "location", ["file:///etc/passwd", "ftp://site.example/", "http://a:b@site.example/", "http://bad.example/x"]
)
@pytest.mark.attack("address guard")
async def test_every_hop_is_checked(site: Site, clock: HandClock, location: str) -> None:
    site.says("/live", status=302, headers={"Location": location})
    async with fetching(clock, deny_hosts=frozenset({"bad.example"})) as fetcher:
        assert isinstance(await refusal(fetcher, site.url("/live")), FetchRefused)


async def test_robots_of_the_host_that_a_redirect_leads_to_are_obeyed(site: Site, fetcher: HttpFetcher) -> None:
    async def robots(request: web.Request) -> web.StreamResponse:
        return web.Response(text="User-agent: *\nDisallow: /" if request.host.startswith("other") else "")

    site.on("/robots.txt", robots)
    site.says("/live", status=302, headers={"Location": site.url("/page", host="other.example")})
    site.says("/page", BODY)
    error = await refusal(fetcher, site.url("/live"))
    assert isinstance(error, FetchRefused)
    assert "other.example" in str(error)
    assert site.asked("/page") == []


# ── politeness ───────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_host_is_asked_for_one_thing_at_a_time_and_other_hosts_meanwhile(
    site: Site, fetcher: HttpFetcher
) -> None:
    inside, most, arrived, release = 0, 0, asyncio.Event(), asyncio.Event()

    async def slow(_request: web.Request) -> web.StreamResponse:
        nonlocal inside, most
        inside += 1
        most = max(most, inside)
        arrived.set()
        await release.wait()
        inside -= 1
        return web.Response(body=BODY)

    site.on("/slow", slow)
    site.says("/live", BODY)
    async with asyncio.TaskGroup() as group:
        pages = [group.create_task(fetcher.fetch(site.url("/slow"))) for _ in range(3)]
        await arrived.wait()
        for number in range(3):
            assert (await fetcher.fetch(site.url("/live", host=f"other{number}.example"))).page
        release.set()
    assert all(page.result().page for page in pages)
    assert most == 1


async def test_a_host_that_asks_for_silence_gets_it_from_all_sources(
    site: Site, fetcher: HttpFetcher, clock: HandClock
) -> None:
    site.says("/live", status=429, headers={"Retry-After": "120"})
    site.says("/other", BODY)
    error = await refusal(fetcher, site.url("/live"))
    assert (error.status, error.retry_after) == (429, timedelta(seconds=120))
    clock.advance(timedelta(seconds=50))
    asked = len(site.requests)
    silenced = await refusal(fetcher, site.url("/other"))
    assert silenced.retry_after == timedelta(seconds=70)
    assert len(site.requests) == asked
    assert (await fetcher.fetch(site.url("/other", host="another.example"))).page
    clock.advance(timedelta(seconds=70))
    assert (await fetcher.fetch(site.url("/other"))).page


async def test_a_503_silences_its_host_only_where_it_says_for_how_long(
    site: Site, fetcher: HttpFetcher, clock: HandClock
) -> None:
    site.says("/other", BODY)
    site.says("/live", status=503)
    assert (await refusal(fetcher, site.url("/live"))).retry_after is None
    assert (await fetcher.fetch(site.url("/other"))).page
    site.says("/live", status=503, headers={"Retry-After": "Fri, 01 Mar 2024 12:01:00 GMT"})
    assert (await refusal(fetcher, site.url("/live"))).retry_after == timedelta(minutes=1)
    assert (await refusal(fetcher, site.url("/other"))).retry_after == timedelta(minutes=1)


async def test_a_429_without_a_word_silences_for_a_minute(site: Site, fetcher: HttpFetcher) -> None:
    site.says("/live", status=429)
    assert (await refusal(fetcher, site.url("/live"))).retry_after == timedelta(minutes=1)


async def test_a_page_that_waited_while_its_host_asked_for_silence_is_not_asked_for(
    site: Site, fetcher: HttpFetcher
) -> None:
    arrived, release = asyncio.Event(), asyncio.Event()

    async def busy(_request: web.Request) -> web.StreamResponse:
        arrived.set()
        await release.wait()
        return web.Response(status=429, headers={"Retry-After": "60"})

    site.on("/busy", busy)
    site.says("/live", BODY)
    site.says("/robots.txt", b"")
    await fetcher.fetch(site.url("/live"))
    async with asyncio.TaskGroup() as group:
        first = group.create_task(refusal(fetcher, site.url("/busy")))
        await arrived.wait()
        second = group.create_task(refusal(fetcher, site.url("/live")))
        await fetcher.fetch(site.url("/live", host="other.example"))
        release.set()
    assert (first.result().status, second.result().status) == (429, None)
    assert len([request for request in site.asked("/live") if request.host.startswith("site")]) == 1
