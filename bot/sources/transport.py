"""httpx over a connection pool whose every connection is guarded.

httpx's own transport does not let its network be chosen; httpcore's pool does, and this joins the two.
"""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpcore
import httpx

from .guard import GuardedBackend

KEEP_ALIVE_SECONDS = 30.0
MOST_CONNECTIONS = 100


class GuardedTransport(httpx.AsyncBaseTransport):
    """Sends httpx's requests; what goes wrong comes up as httpcore's errors, or as the guard's own."""

    def __init__(self, backend: GuardedBackend) -> None:
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=httpx.create_ssl_context(trust_env=False),
            max_connections=MOST_CONNECTIONS,
            max_keepalive_connections=MOST_CONNECTIONS // 2,
            keepalive_expiry=KEEP_ALIVE_SECONDS,
            network_backend=backend,
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        url = httpcore.URL(
            scheme=request.url.raw_scheme,
            host=request.url.raw_host,
            port=request.url.port,
            target=request.url.raw_path,
        )
        asked = httpcore.Request(
            request.method, url, headers=request.headers.raw, content=request.stream, extensions=request.extensions
        )
        answer = await self._pool.handle_async_request(asked)
        return httpx.Response(answer.status, headers=answer.headers, stream=_Body(answer), extensions=answer.extensions)

    async def aclose(self) -> None:
        await self._pool.aclose()


class _Body(httpx.AsyncByteStream):
    """An answer's body, as httpx wants it."""

    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._answer.aiter_stream()

    async def aclose(self) -> None:
        await self._answer.aclose()
