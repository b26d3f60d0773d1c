"""Whatever a server sends, a fetch stays small, ends in time and fails with one sentence."""

from __future__ import annotations

import asyncio
import gzip
import tracemalloc
import zlib
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from datetime import timedelta

import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import FetchError
from bot.sources.fetch import HttpFetcher
from bot.sources.gunzip import STEP, Gunzip, Undecodable

from .site import HandClock, Site, Talk, fetching, refusal, talking

pytestmark = pytest.mark.attack("bombs")

MEGABYTE = 1_000_000


def gzipped(site: Site, body: bytes) -> None:
    site.says("/live", body, headers={"Content-Encoding": "gzip"})


def bomb(gigabytes: int) -> Iterator[bytes]:
    """Yield gzip of so many gigabytes of zeros, made by repeating one flushed block (a full flush forgets the past)."""
    deflate = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    block = deflate.compress(bytes(1 << 20)) + deflate.flush(zlib.Z_FULL_FLUSH)
    yield b"\x1f\x8b\x08" + bytes(6) + b"\xff"
    for _ in range(gigabytes * 64):
        yield block * 16
    yield deflate.flush()


async def test_gzip_is_decoded(site: Site, fetcher: HttpFetcher) -> None:
    gzipped(site, gzip.compress(b"storm " * 100_000, mtime=0))
    page = (await fetcher.fetch(site.url("/live"))).page
    assert page
    assert page.body == b"storm " * 100_000


async def test_a_bomb_of_two_gigabytes_takes_a_few_megabytes_and_is_refused(site: Site, fetcher: HttpFetcher) -> None:
    async def explode(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse(headers={"Content-Encoding": "gzip"})
        await answer.prepare(request)
        with suppress(ConnectionError):
            for chunk in bomb(gigabytes=2):
                await answer.write(chunk)
        return answer

    site.on("/live", explode)
    tracemalloc.start()
    try:
        error = await refusal(fetcher, site.url("/live"))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert "5 MB" in str(error)
    assert peak < 20 * MEGABYTE


async def test_an_endless_page_is_left_at_the_limit(site: Site, fetcher: HttpFetcher) -> None:
    async def endless(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse()
        await answer.prepare(request)
        with suppress(ConnectionError):
            while True:
                await answer.write(b"x" * STEP)
        return answer

    site.on("/live", endless)
    assert "5 MB" in str(await refusal(fetcher, site.url("/live")))


async def test_a_page_of_exactly_the_limit_is_read(site: Site, clock: HandClock) -> None:
    async with fetching(clock, max_bytes=1000) as fetcher:
        for body, headers in ((b"x" * 1000, {}), (gzip.compress(b"x" * 1000, mtime=0), {"Content-Encoding": "gzip"})):
            site.says("/live", body, headers=headers)
            assert (await fetcher.fetch(site.url("/live"))).page
        site.says("/live", b"x" * 1001)
        assert "0.001 MB" in str(await refusal(fetcher, site.url("/live")))


async def test_gzip_that_is_all_headers_and_no_content_is_left_too(site: Site, clock: HandClock) -> None:
    gzipped(site, gzip.compress(b"", mtime=0) * 10_000)
    async with fetching(clock, max_bytes=10_000) as fetcher:
        assert "too much" in str(await refusal(fetcher, site.url("/live")))


@pytest.mark.parametrize("encoding", ["br", "zstd", "deflate", "gzip, gzip", "gzip,br", "x" * 500])
async def test_encodings_that_were_not_asked_for_are_refused(site: Site, fetcher: HttpFetcher, encoding: str) -> None:
    site.says("/live", gzip.compress(gzip.compress(b"x", mtime=0)), headers={"Content-Encoding": encoding})
    error = await refusal(fetcher, site.url("/live"))
    assert "encoding" in str(error)
    assert len(str(error)) < 150


@pytest.mark.parametrize(
    "body", [gzip.compress(b"storm" * 99, mtime=0)[:-9], gzip.compress(b"storm", mtime=0)[:-1], b"\x1f\x8b", b"no gzip"]
)
async def test_cut_or_damaged_gzip_is_no_page(site: Site, fetcher: HttpFetcher, body: bytes) -> None:
    gzipped(site, body)
    assert "site.example" in str(await refusal(fetcher, site.url("/live")))


@given(
    members=st.lists(st.binary(max_size=2000), min_size=1, max_size=4),
    size=st.integers(1, 500),
    rest=st.sampled_from([b"", bytes(9), b"rubbish"]),
)
def test_gzip_members_in_chunks_of_any_size_give_what_was_packed(members: list[bytes], size: int, rest: bytes) -> None:
    packed = b"".join(map(gzip.compress, members)) + rest
    gunzip = Gunzip()
    pieces = [piece for at in range(0, len(packed), size) for piece in gunzip.feed(packed[at : at + size])]
    gunzip.finish()
    assert b"".join(pieces) == b"".join(members)


def test_no_piece_is_larger_than_a_step() -> None:
    gunzip = Gunzip()
    pieces = list(gunzip.feed(gzip.compress(bytes(10 * STEP + 1))))
    gunzip.finish()
    assert sum(map(len, pieces)) == 10 * STEP + 1
    assert max(map(len, pieces)) == STEP


def test_bytes_that_end_before_their_member_does_are_noticed() -> None:
    gunzip = Gunzip()
    assert b"".join(gunzip.feed(gzip.compress(b"storm", mtime=0)[:-4])) == b"storm"
    with pytest.raises(Undecodable):
        gunzip.finish()


# ── time ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
async def hasty(clock: HandClock) -> AsyncIterator[HttpFetcher]:
    async with fetching(clock, timeout=timedelta(seconds=0.3)) as fetcher:
        yield fetcher


async def pause(seconds: float) -> None:
    """Let a server take its time."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await asyncio.get_running_loop().create_future()


async def drip(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    for _ in range(1000):
        writer.write(b"x")
        await writer.drain()
        await pause(0.02)


async def drip_headers(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nX-Drip: ")
    for _ in range(1000):
        writer.write(b"x")
        await writer.drain()
        await pause(0.02)


async def say_nothing(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
    await reader.read()


@pytest.mark.parametrize("talk", [drip, drip_headers, say_nothing])
async def test_a_server_that_drips_or_hangs_is_left_in_time(hasty: HttpFetcher, talk: Talk) -> None:
    async with talking(talk) as port, asyncio.timeout(5):
        error = await refusal(hasty, f"http://site.example:{port}/live")
    assert str(error) == "site.example did not answer within 0.3 seconds."


async def test_redirects_share_the_time_of_one_fetch(hasty: HttpFetcher) -> None:
    async def on_and_on(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await pause(0.12)
        writer.write(b"HTTP/1.1 302 Found\r\nLocation: /live\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")

    async with talking(on_and_on) as port:
        assert "did not answer" in str(await refusal(hasty, f"http://site.example:{port}/live"))


async def test_a_hanging_host_does_not_keep_its_other_pages_waiting_for_ever(hasty: HttpFetcher) -> None:
    async with talking(say_nothing) as port, asyncio.timeout(5):
        url = f"http://site.example:{port}/live"
        sentences = {str(error) for error in await asyncio.gather(*(refusal(hasty, url) for _ in range(9)))}
    assert sentences == {
        "site.example did not answer within 0.3 seconds.",
        "site.example is slow, and too many of its pages are waiting to be read.",
    }


async def test_a_robots_txt_that_hangs_does_not_keep_its_pages_waiting_for_ever(site: Site, hasty: HttpFetcher) -> None:
    async def hang(_request: web.Request) -> web.StreamResponse:
        await asyncio.get_running_loop().create_future()
        raise AssertionError

    site.on("/robots.txt", hang)
    async with asyncio.timeout(5):
        errors = await asyncio.gather(*(refusal(hasty, site.url("/live")) for _ in range(9)))
    assert any("waiting" in str(error) for error in errors)


async def test_a_fetch_that_is_cancelled_frees_its_host(site: Site, fetcher: HttpFetcher) -> None:
    arrived = asyncio.Event()

    async def hang(_request: web.Request) -> web.StreamResponse:
        arrived.set()
        await asyncio.get_running_loop().create_future()
        raise AssertionError

    site.on("/hang", hang)
    site.says("/live", b"x")
    hanging = asyncio.create_task(fetcher.fetch(site.url("/hang")))
    await arrived.wait()
    hanging.cancel()
    with pytest.raises(asyncio.CancelledError):
        await hanging
    assert (await fetcher.fetch(site.url("/live"))).page


# ── answers that are none ────────────────────────────────────────────────────────────────────────────────────────


def answering(raw: bytes) -> Talk:
    async def talk(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(raw)

    return talk


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"SSH-2.0-OpenSSH_9.6\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\ncut",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nstorm\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"x" * 200_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nstorm!",
        b"HTTP/1.1 20 OK\r\n\r\n",
        b"\x16\x03\x01\x00\x00",
    ],
)
async def test_what_is_not_proper_http_is_one_sentence(fetcher: HttpFetcher, raw: bytes) -> None:
    async with talking(answering(raw)) as port:
        error = await refusal(fetcher, f"http://site.example:{port}/live")
    assert type(error) is FetchError
    assert "site.example" in str(error)


async def test_a_port_where_nobody_listens_is_one_sentence(fetcher: HttpFetcher) -> None:
    async with talking(say_nothing) as port:
        pass
    error = await refusal(fetcher, f"http://site.example:{port}/live")
    assert str(error) == "site.example does not accept connections now."


async def test_a_server_without_tls_is_one_sentence(site: Site, fetcher: HttpFetcher) -> None:
    error = await refusal(fetcher, site.url("/live").replace("http:", "https:"))
    assert str(error) == "site.example cannot be reached over a secure connection."
