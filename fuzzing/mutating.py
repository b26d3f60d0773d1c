"""What may happen to bytes on their way: blows, and pages after them. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["cut", "drop", "double", "repeat", "insert", "flood", "flip", "move"]
KINDS: tuple[Kind, ...] = ("cut", "drop", "double", "repeat", "insert", "flood", "flip", "move")
LARGEST = 5 * 1024 * 1024

TOKENS: tuple[bytes, ...] = (
    b"<", b">", b"</", b"<b>", b"<p>", b"<div>", b"<!--", b"-->", b"<![CDATA[", b"]]>", b"<script>", b"</script>",
    b'<script type="application/ld+json">', b"<article>", b"<item>", b"<entry>", b"<li>", b"<table>", b"<template>",
    b"<svg>", b"<a href='//[", b"<img src=", b"&amp;", b"&lt;", b"&#0;", b"&#x110000;", b"&#xD800;", b"\\u0000",
    b"\\ud800", b"{", b"}", b"[", b"]", b'{"a":', b"[[", b'"', b"\\", b"null", b"true", b"-0", b"1e999", b"9" * 400,
    b"1" * 5000, b"NaN", b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\xf0\x9f\x8f\xb4", b"\xe2\x80\x8b", b"\r", b"\n\n",
    b"0001-01-01T00:00:00+14:00", b"9999-12-31T23:59:59-14:00", b"published at 99:99", b"https://[bad", b"javascript:",
    b"data:image/png;base64,", b'encoding="utf-7"', b'charset="idna"', b"<!DOCTYPE x [<!ENTITY a 'b'>]>", b"#post1",
)  # fmt: skip
"""Pieces that readers look for, or that parsers stumble over."""


@dataclass(frozen=True, slots=True)
class Blow:
    """One thing that happens: what, where (0 to 1), over how much (0 to 1), with which token."""

    kind: Kind
    at: float
    size: float
    token: int


def struck(body: bytes, blows: tuple[Blow, ...]) -> bytes:
    """Return a page after some blows, never larger than what is fetched."""
    for blow in blows:
        body = _one(body, blow)[:LARGEST]
    return body


def _one(body: bytes, blow: Blow) -> bytes:
    at = int(blow.at * len(body))
    length = int(blow.size**3 * len(body))
    piece, token = body[at : at + length], TOKENS[blow.token % len(TOKENS)]
    match blow.kind:
        case "cut":
            return body[:at]
        case "drop":
            return body[:at] + body[at + length :]
        case "double":
            return body[:at] + piece + body[at:]
        case "repeat":
            return body[:at] + piece * int(blow.size**3 * (LARGEST // max(1, len(piece)))) + body[at:]
        case "insert":
            return body[:at] + token + body[at:]
        case "flood":
            return body[:at] + token * int(blow.size**6 * (LARGEST // len(token))) + body[at:]
        case "flip":
            return body[:at] + bytes(byte ^ (1 << blow.token % 8) for byte in piece[:50]) + body[at + len(piece[:50]) :]
        case "move":
            rest = body[:at] + body[at + length :]
            to = (blow.token * 7919) % max(1, len(rest))
            return rest[:to] + piece + rest[to:]
