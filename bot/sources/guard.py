"""Keeps what strangers make us fetch away from private networks.

A URL is checked before it is asked for, and the address again when we connect to it: the name is resolved here, every
address that it has is judged, and the connection goes to an address that was judged. So neither an odd spelling
(`http://2130706433/`), nor a name that changes its answer, nor a redirect leads inside.
"""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import Awaitable, Callable, Iterable, Iterator
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

import httpcore
import httpx

from ..errors import FetchError, FetchRefused
from ..languages import stored

PORTS = frozenset({80, 443, 8080, 8443})
MOST_ATTEMPTS = 4
"""How many of a name's addresses are tried."""

_GLOBAL_UNICAST = IPv6Network("2000::/3")
_NAT64 = IPv6Network("64:ff9b::/96")
# Within 2000::/3, but nobody's public address: documentation (RFC 9637), and ORCHID (RFC 4843, RFC 7343).
_UNUSABLE = (IPv6Network("3fff::/20"), IPv6Network("2001:10::/28"), IPv6Network("2001:20::/28"))
# Older Pythons take these for global: 6to4 relays (RFC 7526) and the IETF's own assignments (RFC 6890).
_UNUSABLE_V4 = ("192.88.99.", "192.0.0.")

_HOST = re.compile(rb"[A-Za-z0-9._:-]+")

Address = IPv4Address | IPv6Address
Resolve = Callable[[str, int], Awaitable[list[str]]]
"""Returns the addresses of a host name; raises OSError where it has none."""


async def resolve(host: str, port: int) -> list[str]:
    """Return the addresses the system knows for a name, in its order of preference."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def check_url(url: str, deny_hosts: Iterable[str], *, allow_private: bool) -> httpx.URL:
    """Return the address as it will be asked for; raises FetchRefused where it must not be."""
    try:
        asked = httpx.URL(url).copy_with(fragment=None)
    except (httpx.InvalidURL, ValueError, UnicodeError):
        raise FetchRefused(stored("That address cannot be read: check how it is spelt.")) from None
    if asked.scheme not in ("http", "https") or not _HOST.fullmatch(asked.raw_host):
        raise FetchRefused(stored("Only web addresses are read: http:// or https://, and the name of a host."))
    if asked.userinfo:
        named = stored("The address on {host} has a name or password in it, and such addresses are not read.")
        raise FetchRefused(named.format(host=asked.host))
    if _denied(asked.host, deny_hosts):
        denied = stored("{host} is on this bot's list of hosts that are not read.")
        raise FetchRefused(denied.format(host=asked.host))
    if not allow_private and _port(asked) not in PORTS:
        odd = stored("{host} is asked for at port {port}, and only web ports are read.")
        raise FetchRefused(odd.format(host=asked.host, port=_port(asked)))
    return asked


def _port(url: httpx.URL) -> int:
    return (443 if url.scheme == "https" else 80) if url.port is None else url.port


def _denied(host: str, deny_hosts: Iterable[str]) -> bool:
    name = host.rstrip(".").lower()
    return any(name == denied or name.endswith(f".{denied}") for denied in deny_hosts)


def is_public(address: str) -> bool:
    """Whether an address belongs to the public internet, and so does every IPv4 address that it carries."""
    parsed = ip_address(address.partition("%")[0])
    carried = tuple(_carried(parsed))
    return all(map(_public, carried if _only_wraps(parsed) else (parsed, *carried)))


def _only_wraps(address: Address) -> bool:
    """Whether an IPv6 address only stands for the IPv4 address in it: mapped, or translated by NAT64 (RFC 6052)."""
    return isinstance(address, IPv6Address) and (address.ipv4_mapped is not None or address in _NAT64)


def _carried(address: Address) -> Iterator[IPv4Address]:
    """Yield the IPv4 addresses that an IPv6 address carries: mapped, NAT64, 6to4, Teredo (server and client)."""
    if isinstance(address, IPv4Address):
        return
    if address.ipv4_mapped:
        yield address.ipv4_mapped
    if address in _NAT64:
        yield IPv4Address(int(address) & 0xFFFFFFFF)
    if address.sixtofour:
        yield address.sixtofour
    yield from address.teredo or ()


def _public(address: Address) -> bool:
    if not address.is_global or address.is_multicast or address.is_reserved or address.is_unspecified:
        return False
    if isinstance(address, IPv4Address):
        return not str(address).startswith(_UNUSABLE_V4)
    return address in _GLOBAL_UNICAST and not any(address in network for network in _UNUSABLE)


class GuardedBackend(httpcore.AsyncNetworkBackend):
    """Opens connections for httpcore, to judged addresses only. Raises FetchRefused where any address is private."""

    def __init__(self, resolve: Resolve, *, allow_private: bool) -> None:
        self._resolve = resolve
        self._allow_private = allow_private
        self._network = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's signature
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        *others, last = await self._judged(host, port)
        for address in others:
            try:
                return await self._network.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
        return await self._network.connect_tcp(last, port, timeout, local_address, socket_options)

    async def _judged(self, host: str, port: int) -> list[str]:
        """Return the addresses to try; one private address among them condemns the name."""
        try:
            addresses = await self._resolve(host, port)
        except (OSError, UnicodeError) as error:
            unknown = stored("{host} cannot be found: no such name is known now.")
            raise FetchError(unknown.format(host=host)) from error
        if not addresses:
            raise FetchError(stored("{host} cannot be found: it has no address now.").format(host=host))
        if not self._allow_private and not all(map(is_public, addresses)):
            private = stored("{host} is not on the public internet, and only public pages are read.")
            raise FetchRefused(private.format(host=host))
        return addresses[:MOST_ATTEMPTS]

    async def sleep(self, seconds: float) -> None:
        await self._network.sleep(seconds)
