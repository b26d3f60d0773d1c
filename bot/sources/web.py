"""One GET, guarded and bounded: what asking for a page and for a robots.txt have in common."""

from __future__ import annotations

import ssl
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator, Mapping
from contextlib import aclosing, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import TypeVar

import httpcore
import httpx

from .. import __version__
from ..errors import FetchError
from ..languages import stored
from ..ports import Clock
from .budget import Budget
from .guard import GuardedBackend, Resolve, check_url
from .gunzip import Undecodable, decoded
from .headers import retry_after
from .hosts import Hosts
from .transport import GuardedTransport

REDIRECTS = frozenset({301, 302, 303, 307, 308})
PERMANENT = frozenset({301, 308})
UNSAID_SILENCE = timedelta(minutes=1)
"""How long a host that says 429 without a Retry-After is left alone."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key of the operator's: the parameter of the query that carries it, and its value."""

    parameter: str
    value: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class FetchSettings:
    """The settings of the section `fetch`.

    `contact` is a URL or mail address that publishers can turn to. `timeout` bounds one fetch, redirects and
    robots.txt included, but for waiting until a host is free. `max_bytes` bounds a page, decoded. `deny_hosts` (lower
    case) covers their subdomains. `allow_private` lifts the guard on addresses and ports. `keys` are put into what is
    asked of these hosts, and are part of no address that is kept or told.
    """

    contact: str = ""
    timeout: timedelta = timedelta(seconds=20)
    max_bytes: int = 5_000_000
    max_redirects: int = 5
    allow_private: bool = False
    deny_hosts: frozenset[str] = frozenset()
    keys: Mapping[str, ApiKey] = field(default_factory=dict, repr=False)

    @property
    def user_agent(self) -> str:
        """Our name, version and contact, as every request says them."""
        contact = "".join(sign for sign in self.contact if " " <= sign <= "~")
        return f"LiveRelay/{__version__}" + (f" (+{contact})" if contact else "")


class Web:
    """The network, as the rest of this package may use it."""

    def __init__(self, settings: FetchSettings, clock: Clock, resolve: Resolve) -> None:
        self._settings = settings
        self._clock = clock
        self._hosts = Hosts(clock)
        self._client = httpx.AsyncClient(
            transport=GuardedTransport(GuardedBackend(resolve, allow_private=settings.allow_private)),
            trust_env=False,
            follow_redirects=False,
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),  # no cookie is ever kept
            headers={"User-Agent": settings.user_agent, "Accept-Encoding": "gzip"},
            timeout=httpx.Timeout(settings.timeout.total_seconds(), connect=settings.timeout.total_seconds() / 4),
        )

    def checked(self, url: str) -> httpx.URL:
        """Return the address as it will be asked for; raises FetchRefused where it must not be."""
        return check_url(url, self._settings.deny_hosts, allow_private=self._settings.allow_private)

    async def get(
        self,
        url: httpx.URL,
        headers: Mapping[str, str],
        budget: Budget,
        read: Callable[[httpx.Response], Awaitable[T]],
    ) -> T:
        """Ask for one address when its host's turn comes, and return what `read` makes of the answer.

        Raises FetchError where no answer comes or the host wants to be left alone.
        """
        return await self.ask("GET", url, headers, budget, read)

    async def ask(
        self,
        method: str,
        url: httpx.URL,
        headers: Mapping[str, str],
        budget: Budget,
        read: Callable[[httpx.Response], Awaitable[T]],
        *,
        body: bytes | None = None,
    ) -> T:
        """Do as `get` does, by any method, with something to send along."""
        async with self._hosts.turn(url.host, budget):
            with _sentences(url.host, self._settings.timeout):
                asked = self._client.stream(method, self._keyed(url), headers=headers, content=body)
                async with budget.spend(), asked as answer:
                    self._heed(answer, url.host)
                    return await read(answer)

    def _keyed(self, url: httpx.URL) -> httpx.URL:
        key = self._settings.keys.get(url.host)
        return url.copy_set_param(key.parameter, key.value) if key and url.path != "/robots.txt" else url

    def unkeyed(self, url: httpx.URL) -> httpx.URL:
        """Return the address that was asked for without the key that was put into it."""
        key = self._settings.keys.get(url.host)
        return url.copy_remove_param(key.parameter) if key else url

    def _heed(self, answer: httpx.Response, host: str) -> None:
        """Leave the host alone for as long as it asks, and raise FetchError, where it says 429 or 503."""
        if answer.status_code not in (429, 503):
            return
        wait = retry_after(answer.headers.get("Retry-After", ""), self._clock.now())
        if wait is None and answer.status_code == 429:
            wait = UNSAID_SILENCE
        if wait:
            self._hosts.silence(host, wait)
        what = stored("{host} is not available now (it answered {status}).")
        if answer.status_code == 429:
            what = stored("{host} is asked too often (it answered {status}).")
        sentence = what.format(host=host, status=answer.status_code)
        raise FetchError(sentence, status=answer.status_code, retry_after=wait)

    async def close(self) -> None:
        """Close all connections."""
        await self._client.aclose()


@dataclass(frozen=True, slots=True)
class Redirect:
    """An answer that sends us on."""

    to: str
    permanent: bool


def redirect(answer: httpx.Response) -> Redirect | None:
    """Return where an answer sends us, if it does. Raises FetchError where it does not say."""
    if answer.status_code not in REDIRECTS:
        return None
    location = answer.headers.get("Location", "")
    try:
        target = answer.request.url.join(location)
    except (httpx.InvalidURL, ValueError):
        location = ""
    if not location:
        nowhere = stored("{host} redirects to nowhere.").format(host=answer.request.url.host)
        raise FetchError(nowhere, status=answer.status_code)
    return Redirect(str(target), permanent=answer.status_code in PERMANENT)


async def take(answer: httpx.Response, most: int) -> tuple[bytes, bool]:
    """Return at most `most` decoded bytes of an answer's body, and whether these are all."""
    taken = bytearray()
    encoding = answer.headers.get("Content-Encoding", "")
    async with aclosing(_bounded(answer, 2 * most)) as raw, aclosing(decoded(raw, encoding)) as pieces:
        async for piece in pieces:
            taken += piece
            if len(taken) > most:
                return bytes(memoryview(taken)[:most]), False
    return bytes(taken), True


async def _bounded(answer: httpx.Response, most: int) -> AsyncGenerator[bytes, None]:
    """Yield the bytes as they came, unless they are too many: gzip may also be all headers and no content."""
    async for chunk in answer.aiter_raw():
        if answer.num_bytes_downloaded > most:
            raise Undecodable(stored("{host} sends too much."))
        yield chunk


@contextmanager
def _sentences(host: str, timeout: timedelta) -> Iterator[None]:
    """Turn what the client library raises into one sentence that names the host."""
    try:
        yield
    except (TimeoutError, httpcore.TimeoutException) as error:
        late = stored("{host} did not answer within {seconds} seconds.")
        raise FetchError(late.format(host=host, seconds=f"{timeout.total_seconds():g}")) from error
    except Undecodable as error:
        raise FetchError(error.told(host)) from error
    except httpcore.ConnectError as error:
        secure = isinstance(error.__context__, ssl.SSLError)
        problem = stored("{host} does not accept connections now.")
        if secure:
            problem = stored("{host} cannot be reached over a secure connection.")
        raise FetchError(problem.format(host=host)) from error
    except httpcore.NetworkError as error:
        raise FetchError(stored("{host} broke the connection.").format(host=host)) from error
    except (httpcore.ProtocolError, httpx.HTTPError) as error:
        broken = stored("{host} broke off its answer, or it is not proper HTTP.")
        raise FetchError(broken.format(host=host)) from error
