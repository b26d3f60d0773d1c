"""Reading a page, against selectolax parsing the same bytes and doing nothing else."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser

from bot.model import Page
from bot.sources.read import read
from sandbox.page import LivePage
from sandbox.page_html import render

from .yardstick import Figure, fastest

_LX = "bbc/bbc-live-2020-05-12-lx-stream-world-52627824.html"
_NOW = datetime(2026, 3, 14, 12, tzinfo=UTC)


def reading() -> list[Figure]:
    """Measure the older renderer's page of 2.4 MB (where LIVERELAY_SAMPLES has it) and one of 20 posts."""
    figures = []
    samples = os.environ.get("LIVERELAY_SAMPLES")
    if samples:
        figures.append(_figure("read the 2.4 MB lx page", (Path(samples) / _LX).read_bytes()))
    page = twenty_posts()
    figures.append(_figure("read 20 posts, none known", page, cold=True))
    figures.append(_figure("read 20 posts again", page))
    return figures


def _figure(what: str, body: bytes, *, cold: bool = False) -> Figure:
    """Measure both; `cold`: every run brings other words, so that no post has been read before."""
    runs = count()

    def once() -> None:
        told = body.replace(b"Headline", b"Headline %d" % next(runs)) if cold else body
        read(Page(told, "https://news.example/live/c0000000000t", _NOW, "text/html; charset=utf-8"))

    ours = fastest(once, times=15)
    return Figure(what, ours, "selectolax parse", fastest(lambda: LexborHTMLParser(body), times=15), "ms")


def twenty_posts() -> bytes:
    """Return a page of 20 posts in the present renderer's shape, written for this."""
    live = LivePage("bench")
    live.summary([f"Point {number} of the summary, with some words to it" for number in range(5)])
    for number in range(20):
        live.publish(
            f"Headline number {number} of a busy day",
            text="\n\n".join(
                f"Paragraph {each} has [a link](https://news.example/{each}) and words." for each in range(6)
            ),
            images=[
                {"url": "https://news.example/1.jpg", "alt": "A ship", "caption": "A ship at sea", "credit": "PFG"}
            ],
        )
    html = render(live.current, address="https://news.example/live", root="https://news.example", number=1, now=_NOW)
    assert html is not None
    return html.encode()
