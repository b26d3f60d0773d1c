"""The bytes of an answer, decoded in small steps, so that two megabytes cannot become two gigabytes in memory.

A limit on what a client library has decoded comes too late: it decodes a whole chunk at once.
"""

from __future__ import annotations

import zlib
from collections.abc import AsyncGenerator, AsyncIterable, Iterator

from ..languages import stored

STEP = 64 * 1024
_MEMBER_START = b"\x1f"


class Undecodable(Exception):
    """The bytes are not what was promised; `sentence` has fields for the host and for these `facts`."""

    def __init__(self, sentence: str, **facts: str) -> None:
        super().__init__(sentence)
        self._facts = facts

    def told(self, host: str) -> str:
        """Return the sentence about this host."""
        return str(self).format(host=host, **self._facts)


async def decoded(raw: AsyncIterable[bytes], encoding: str) -> AsyncGenerator[bytes, None]:
    """Yield the decoded bytes: of gzip in steps of at most `STEP`, plain ones as they come.

    Whoever reads stops when it is enough. Raises Undecodable for any other encoding, and for broken or cut gzip.
    """
    match encoding.strip().lower():
        case "" | "identity":
            async for chunk in raw:
                yield chunk
        case "gzip" | "x-gzip":
            gunzip = Gunzip()
            async for chunk in raw:
                for piece in gunzip.feed(chunk):
                    yield piece
            gunzip.finish()
        case other:
            odd = stored("{host} answers in an encoding that was not asked for ({encoding}).")
            raise Undecodable(odd, encoding=other[:40])


class Gunzip:
    """Decodes gzip (RFC 1952: one member after another) step by step; what follows the last member is ignored."""

    def __init__(self) -> None:
        self._member: zlib._Decompress | None = _member()
        self._over = False

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        """Yield what these bytes add, in pieces of at most `STEP`."""
        rest = chunk
        while rest and not self._over:
            if self._member is None:
                self._over = not rest.startswith(_MEMBER_START)
                self._member = None if self._over else _member()
                continue
            yield from _pieces(self._member, rest)
            rest = self._member.unused_data
            if self._member.eof:
                self._member = None

    def finish(self) -> None:
        """Raise Undecodable where the bytes ended before the last member did."""
        if self._member is not None:
            raise Undecodable(stored("{host} broke off its answer."))


def _pieces(member: zlib._Decompress, rest: bytes) -> Iterator[bytes]:
    """Yield the output of one member until it needs more input, or has ended."""
    full = False
    while (rest or full) and not member.eof:
        try:
            piece = member.decompress(rest, STEP)
        except zlib.error as error:
            raise Undecodable(stored("{host} answers with damaged gzip.")) from error
        rest, full = member.unconsumed_tail, len(piece) == STEP
        if piece:
            yield piece


def _member() -> zlib._Decompress:
    return zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)
