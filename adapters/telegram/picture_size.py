"""What a file says of itself: whether it is a JPEG, PNG or WebP picture, and how large. Pure."""

from __future__ import annotations

import re

_PNG = re.compile(rb"\x89PNG\r\n\x1a\n.{4}IHDR(?P<width>.{4})(?P<height>.{4})", re.DOTALL)
_WEBP = re.compile(rb"RIFF.{4}WEBP(?P<kind>VP8[ LX]).{4}", re.DOTALL)
# Frame headers of JPEG: SOF0 to SOF15 but for the three that are something else (DHT, JPG, DAC).
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


def size_of(content: bytes) -> tuple[int, int] | None:
    """Return width and height in pixels; None for what is no such picture, or ends before it says."""
    size = _of_png(content) or _of_jpeg(content) or _of_webp(content)
    return size if size and min(size) > 0 else None


def _of_png(content: bytes) -> tuple[int, int] | None:
    found = _PNG.match(content)
    return (int.from_bytes(found["width"]), int.from_bytes(found["height"])) if found else None


def _of_jpeg(content: bytes) -> tuple[int, int] | None:
    """Walk over the segments (marker, length) to the frame header: precision, height, width."""
    place = 2 if content.startswith(b"\xff\xd8") else len(content)
    while place + 9 <= len(content) and content[place] == 0xFF:
        kind, length = content[place + 1], int.from_bytes(content[place + 2 : place + 4])
        if kind in _FRAMES:
            return int.from_bytes(content[place + 7 : place + 9]), int.from_bytes(content[place + 5 : place + 7])
        place += 1 if kind == 0xFF else 2 + length
    return None


def _of_webp(content: bytes) -> tuple[int, int] | None:
    """Read the first chunk: lossy (14 bits each), lossless (14 bits, less one) or extended (24 bits, less one)."""
    found = _WEBP.match(content)
    if not found or len(content) < 30:
        return None
    if found["kind"] == b"VP8X":
        return _little(content, 24, 27) + 1, _little(content, 27, 30) + 1
    if found["kind"] == b"VP8L":
        both = _little(content, 21, 25)
        return both % 2**14 + 1, both // 2**14 % 2**14 + 1
    return _little(content, 26, 28) % 2**14, _little(content, 28, 30) % 2**14


def _little(content: bytes, start: int, end: int) -> int:
    return int.from_bytes(content[start:end], "little")
