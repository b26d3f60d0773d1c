"""No spelling, name or redirect leads into a private network."""

from __future__ import annotations

from collections.abc import Sequence

import httpx
import pytest

from bot.errors import FetchError, FetchRefused
from bot.sources.fetch import FetchSettings, HttpFetcher
from bot.sources.guard import GuardedBackend, Resolve, is_public, resolve
from bot.sources.transport import GuardedTransport

from .site import HandClock, Site, refusal

pytestmark = pytest.mark.attack("address guard")

# Spellings of this machine, as attackers write them.
LOOPBACK = [
    "127.0.0.1", "localhost", "LOCALHOST", "localhost.", "127.1", "127.0.1", "127.255.255.254", "2130706433",
    "0x7f000001", "0x7f.0.0.1", "0x7F.1", "0177.0.0.1", "017700000001", "0", "0.0.0.0", "127.0.0.1.",
    "[::1]", "[::]", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[0:0:0:0:0:ffff:127.0.0.1]",
    "[::127.0.0.1]", "①②⑦.⓪.⓪.①", "127。0。0。1", "ｌｏｃａｌｈｏｓｔ",
]  # fmt: skip
# Addresses that hide or are private ones, and what a name may answer.
PRIVATE = [
    "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254", "100.64.0.1", "100.127.255.255",
    "0.1.2.3", "192.0.0.1", "192.0.2.1", "192.88.99.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1",
    "239.255.255.250", "240.0.0.1", "255.255.255.255", "::", "::1", "fe80::1", "fe80::1%lo", "fec0::1", "fc00::1",
    "fd12:3456::1", "ff02::1", "2001:db8::1", "3fff::1", "100::1", "5f00::1",
    "::ffff:10.0.0.1", "::10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::10.0.0.1", "64:ff9b:1::7f00:1",
    "2002:7f00:1::1", "2002:a00:1::1", "2001:0:4136:e378:8000:63bf:80ff:fffe", "2001:0:7f00:1::1",
]  # fmt: skip
PUBLIC = ["93.184.215.14", "8.8.8.8", "2606:2800:21f:cb07::1", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8", "2002:808:808::1"]


def answering(*addresses: str) -> Resolve:
    async def resolve(_host: str, _port: int) -> list[str]:
        return list(addresses)

    return resolve


async def reach(url: str, backend: GuardedBackend) -> int:
    """Ask for a URL through a guarded connection alone, and return the status."""
    async with httpx.AsyncClient(transport=GuardedTransport(backend), trust_env=False) as client:
        return (await client.get(url)).status_code


@pytest.mark.parametrize("host", LOOPBACK)
async def test_no_spelling_of_this_machine_reaches_a_server_on_it(site: Site, host: str) -> None:
    with pytest.raises((FetchError, httpx.InvalidURL)):
        await reach(site.url("/", host), GuardedBackend(resolve, allow_private=False))
    assert site.requests == []


@pytest.mark.parametrize("host", LOOPBACK)
async def test_no_spelling_of_this_machine_is_fetched(host: str) -> None:
    fetcher = HttpFetcher(FetchSettings(), HandClock())
    try:
        for scheme in ("http", "https"):
            await refusal(fetcher, f"{scheme}://{host}/")
    finally:
        await fetcher.close()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "127.1", "2130706433", "0x7f000001"])
async def test_without_the_guard_these_spellings_do_reach_it(site: Site, host: str) -> None:
    assert await reach(site.url("/", host), GuardedBackend(resolve, allow_private=True)) == 404


@pytest.mark.parametrize("address", PRIVATE)
async def test_a_name_with_a_private_address_is_refused(site: Site, address: str) -> None:
    assert not is_public(address)
    for answers in ([address], ["93.184.215.14", address], [address, "93.184.215.14"]):
        with pytest.raises(FetchRefused, match=r"name\.example is not on the public internet"):
            await reach(site.url("/", "name.example"), GuardedBackend(answering(*answers), allow_private=False))


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_public_also_where_ipv6_carries_them(address: str) -> None:
    assert is_public(address)


async def test_a_name_is_looked_up_once_and_the_connection_goes_to_that_answer(site: Site) -> None:
    asked: list[str] = []

    async def changing(host: str, _port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["127.0.0.2"]

    assert await reach(site.url("/", "rebinding.example"), GuardedBackend(changing, allow_private=True)) == 404
    assert asked == ["rebinding.example"]


async def test_the_next_address_is_tried_where_one_does_not_answer(site: Site) -> None:
    backend = GuardedBackend(answering("127.0.0.2", "127.0.0.1"), allow_private=True)
    assert await reach(site.url("/", "name.example"), backend) == 404


@pytest.mark.parametrize("answers", [[], None])
async def test_a_name_without_an_address_is_one_sentence(answers: Sequence[str] | None) -> None:
    async def unknown(_host: str, _port: int) -> list[str]:
        if answers is None:
            raise OSError(-2, "Name or service not known")
        return list(answers)

    fetcher = HttpFetcher(FetchSettings(), HandClock(), resolve=unknown)
    try:
        assert "nowhere.example cannot be found" in str(await refusal(fetcher, "http://nowhere.example/"))
    finally:
        await fetcher.close()


@pytest.mark.parametrize(
    "url",
    [
        "ftp://site.example/", "file:///etc/passwd", "gopher://site.example/", "javascript:alert(1)", "site.example",
        "", "http://", "http://a b/", "http://%2e/", "http:///x", "http://user:secret@site.example/",
        "http://user@site.example/", "http://[::1/",
        "http://site.example:22/", "http://site.example:6379/", "https://site.example:25/", "http://site.example:0/",
        "http://site.example:99999/", "http://denied.example/", "https://www.Denied.example./x", "http://a\x00b/",
    ],
)  # fmt: skip
async def test_some_addresses_are_never_asked_for(url: str) -> None:
    async def unreachable(_host: str, _port: int) -> list[str]:
        raise AssertionError("it was looked up")

    settings = FetchSettings(deny_hosts=frozenset({"denied.example"}))
    fetcher = HttpFetcher(settings, HandClock(), resolve=unreachable)
    try:
        error = await refusal(fetcher, url)
    finally:
        await fetcher.close()
    assert isinstance(error, FetchRefused)
    assert "secret" not in str(error)


@pytest.mark.parametrize("port", ["", ":80", ":443", ":8080", ":8443"])
async def test_web_ports_are_asked_for(port: str) -> None:
    fetcher = HttpFetcher(FetchSettings(), HandClock(), resolve=answering("127.0.0.1"))
    try:
        assert "public internet" in str(await refusal(fetcher, f"http://site.example{port}/"))
    finally:
        await fetcher.close()
