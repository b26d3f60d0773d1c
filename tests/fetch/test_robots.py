"""robots.txt is asked for, understood and obeyed."""

from __future__ import annotations

import gzip
import time
from datetime import timedelta

import pytest

from bot.errors import FetchRefused
from bot.sources.fetch import HttpFetcher
from bot.sources.robots import MOST_BYTES, Rules, matches, parse

from .site import HandClock, Site, refusal


def allowed(robots: str, path: str = "/live/1") -> bool:
    return parse(robots.encode()).allow(path)


@pytest.mark.parametrize(
    ("pattern", "path", "match"),
    [
        ("/", "/anything", True),
        ("/live", "/live/1", True),
        ("/live", "/alive", False),
        ("/live/", "/live", False),
        ("/*.php", "/a/index.php?x=1", True),
        ("/*.php$", "/a/index.php", True),
        ("/*.php$", "/index.php?x=1", False),
        ("/*.php$", "/index.php5/index.php", True),
        ("/live$", "/live", True),
        ("/live$", "/live/", False),
        ("*/live", "/news/live/1", True),
        ("/a*b*c", "/a-c-b", False),
        ("/a*b*c", "/a-b-c-d", True),
        ("/ab*ab$", "/ab", False),
        ("/ab*ab$", "/abab", True),
        ("/*?", "/live?x", True),
        ("/*?", "/live", False),
        ("/a$b", "/a$b", True),
        ("/*$", "/x", True),
        ("/live*", "/live", True),
    ],
)
def test_patterns_match_from_the_beginning_with_stars_and_an_end(pattern: str, path: str, match: bool) -> None:
    assert matches(pattern, path) is match


def test_a_pattern_of_stars_takes_no_time() -> None:
    started = time.perf_counter()
    assert not matches("/" + "*a" * 500 + "$", "/" + "a" * 100_000 + "b")
    assert time.perf_counter() - started < 1


def test_the_longest_match_decides_and_allow_wins_a_draw() -> None:
    robots = "User-agent: *\nAllow: /live/open\nDisallow: /live\nDisallow: /x\nAllow: /x"
    assert allowed(robots, "/live/open/1")
    assert not allowed(robots, "/live/closed")
    assert allowed(robots, "/x")
    assert allowed(robots, "/")


def test_a_group_that_names_us_replaces_the_one_for_everybody() -> None:
    robots = "User-agent: *\nDisallow: /\n\nUser-agent: liveRELAY/2.0\nDisallow: /private"
    assert allowed(robots)
    assert not allowed(robots, "/private/1")
    assert not allowed(robots.replace("liveRELAY", "LiveRelayOther"))


def test_an_empty_group_of_our_own_allows_everything() -> None:
    assert allowed("User-agent: *\nDisallow: /\nUser-agent: LiveRelay\nDisallow:")
    assert allowed("User-agent: *\nDisallow: /\nUser-agent: LiveRelay")


def test_several_groups_for_us_are_one_and_agents_may_share_a_group() -> None:
    first, second = "User-agent: a\nUser-agent: LiveRelay\nDisallow: /a\n", "User-agent: b\nDisallow: /b\n"
    robots = first + second + "User-agent: liverelay\nDisallow: /c"
    assert [allowed(robots, path) for path in ("/a", "/b", "/c")] == [False, True, False]


def test_lines_that_are_not_rules_end_no_group() -> None:
    robots = "User-agent: LiveRelay\nSitemap: https://x.example/s.xml\nCrawl-delay: 5\nUser-agent: b\nDisallow: /live"
    assert not allowed(robots)


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_spelling_comments_and_line_ends_do_not_matter(newline: str) -> None:
    lines = ["\ufeff# ours", "USER-AGENT : * # all", "", "  disallow:/live  # closed", "Allow", "nonsense: 1"]
    assert not allowed(newline.join(lines))


def test_rules_before_any_group_are_nobodys() -> None:
    assert allowed("Disallow: /\n")


@pytest.mark.parametrize("pattern", ["/caf%C3%A9", "/caf%c3%a9", "/café", "/%63af%C3%A9"])
def test_percent_encoding_is_compared_octet_by_octet(pattern: str) -> None:
    assert not allowed(f"User-agent: *\nDisallow: {pattern}", "/caf%C3%A9/1")


def test_an_encoded_slash_is_no_slash() -> None:
    assert allowed("User-agent: *\nDisallow: /a%2Fb", "/a/b")


def test_robots_txt_itself_may_always_be_read() -> None:
    assert allowed("User-agent: *\nDisallow: /", "/robots.txt")


@pytest.mark.parametrize("body", [b"", b"\x00\xff\xfe", b"<html>Not found</html>", b"User-agent", b":::\n#"])
def test_rubbish_forbids_nothing(body: bytes) -> None:
    assert parse(body) == Rules()


def test_what_follows_the_first_500_kib_is_not_read() -> None:
    body = b"#" * MOST_BYTES + b"\nUser-agent: *\nDisallow: /"
    assert parse(body).allow("/live")


# ── over the network ─────────────────────────────────────────────────────────────────────────────────────────────


def closed(path: str) -> bytes:
    return f"User-agent: *\nDisallow: {path}".encode()


async def test_a_forbidden_page_is_refused_and_never_asked_for(site: Site, fetcher: HttpFetcher) -> None:
    site.says("/robots.txt", closed("/*/live?post="))
    site.says("/news/live", b"x")
    error = await refusal(fetcher, site.url("/news/live?post=1"))
    assert isinstance(error, FetchRefused)
    assert "robots.txt" in str(error)
    assert site.asked("/news/live") == []
    assert (await fetcher.fetch(site.url("/news/live"))).page


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
async def test_a_site_without_robots_txt_forbids_nothing(site: Site, fetcher: HttpFetcher, status: int) -> None:
    site.says("/robots.txt", closed("/"), status=status)
    site.says("/live", b"x")
    assert (await fetcher.fetch(site.url("/live"))).page


@pytest.mark.parametrize("status", [500, 503, 429, 204])
async def test_while_robots_txt_cannot_be_had_nothing_is_read(site: Site, fetcher: HttpFetcher, status: int) -> None:
    site.says("/robots.txt", status=status)
    site.says("/live", b"x")
    error = await refusal(fetcher, site.url("/live"))
    assert not isinstance(error, FetchRefused)
    assert error.status == status
    assert site.asked("/live") == []


async def test_robots_txt_is_asked_for_once_a_day(site: Site, fetcher: HttpFetcher, clock: HandClock) -> None:
    site.says("/live", b"x")
    for _ in range(3):
        await fetcher.fetch(site.url("/live"))
        clock.advance(timedelta(hours=7.9))
    assert len(site.asked("/robots.txt")) == 1
    clock.advance(timedelta(hours=1))
    await fetcher.fetch(site.url("/live"))
    assert len(site.asked("/robots.txt")) == 2


@pytest.mark.parametrize(("seconds", "hours"), [(0, 1), (7200, 2), (10**7, 24)])
async def test_cache_control_says_for_how_long_within_an_hour_and_a_day(
    site: Site, fetcher: HttpFetcher, clock: HandClock, seconds: int, hours: int
) -> None:
    site.says("/robots.txt", b"", headers={"Cache-Control": f"max-age={seconds}"})
    site.says("/live", b"x")
    await fetcher.fetch(site.url("/live"))
    clock.advance(timedelta(hours=hours, seconds=-1))
    await fetcher.fetch(site.url("/live"))
    assert len(site.asked("/robots.txt")) == 1
    clock.advance(timedelta(seconds=1))
    await fetcher.fetch(site.url("/live"))
    assert len(site.asked("/robots.txt")) == 2


async def test_an_old_robots_txt_serves_while_the_new_one_cannot_be_had(
    site: Site, fetcher: HttpFetcher, clock: HandClock
) -> None:
    site.says("/robots.txt", closed("/closed"))
    site.says("/live", b"x")
    await fetcher.fetch(site.url("/live"))
    clock.advance(timedelta(days=2))
    site.says("/robots.txt", status=500)
    assert (await fetcher.fetch(site.url("/live"))).page
    assert isinstance(await refusal(fetcher, site.url("/closed")), FetchRefused)


async def test_robots_txt_may_be_gzipped_redirected_and_huge(site: Site, fetcher: HttpFetcher) -> None:
    body = gzip.compress(closed("/live") + b"\n" + b"#" * 20_000_000)
    site.says("/robots.txt", status=301, headers={"Location": site.url("/r.txt", host="www.site.example")})
    site.says("/r.txt", body, headers={"Content-Encoding": "gzip"})
    assert isinstance(await refusal(fetcher, site.url("/live")), FetchRefused)


async def test_a_robots_txt_that_redirects_for_ever_is_none(site: Site, fetcher: HttpFetcher) -> None:
    site.says("/robots.txt", status=302, headers={"Location": "/robots.txt"})
    site.says("/live", b"x")
    assert (await fetcher.fetch(site.url("/live"))).page


async def test_each_port_and_host_has_its_own_robots_txt(site: Site, fetcher: HttpFetcher) -> None:
    site.says("/live", b"x")
    for host in ("a.example", "b.example"):
        await fetcher.fetch(site.url("/live", host=host))
    assert [request.host.partition(":")[0] for request in site.asked("/robots.txt")] == ["a.example", "b.example"]
