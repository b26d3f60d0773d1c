"""The page at which coverage goes on, where a page says that it is closed and names it; pure.

A running story gets a new page every day or so. The old one then says, above its posts or in its last one, that it is
closed and where the next one is. Only a live page of the same site counts, and only with such words beside the link:
posts link to other live pages all day long.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice

from selectolax.lexbor import LexborNode

from bot.model import Snapshot
from bot.richtext import RichText

from .body import Body
from .document import Document
from .html import SILENT, attribute, is_hidden
from .links import absolute, page_address
from .live_links import is_live, same_site
from .told import record, string
from .writing import plain

_NEWEST = 3
_MOST_LINKS = 3000
_BESIDE = 600
"""Characters: a closing line is a paragraph; what is longer is a whole page."""

_CLOSING = (
    r"(?:this|our|the) (?:live ?)?(?:page|blog|liveblog|coverage|feed)(?: \w+){0,3} "
    r"(?:closed|closing|ended|ending|archived|paused|moved|finished)",
    r"(?:we are|we're|we’re|we have|we've|we’ve|i'm|i’m|i am)(?: now)? "
    r"(?:clos|paus|end|wrapp|mov)\w+(?: \w+){0,3} (?:page|blog|coverage)",
    r"coverage (?:continues|has moved|is continuing|resumes|will continue|goes on)",
    r"no longer (?:being )?updat",
    r"(?:ticker|liveblog|blog)\b[^.]{0,60}(?:beendet|geschlossen|endet)",
    r"(?:direct|live)\b[^.]{0,60}(?:terminé|fermé|clos\b|se poursuit)",
    r"directo\b[^.]{0,60}(?:cerrado|terminado|finalizado|continúa)",
    r"diretta\b[^.]{0,60}(?:chiusa|terminata|conclusa|continua)",
)
_CLOSED = re.compile("|".join(_CLOSING), re.IGNORECASE)
_ONWARD = re.compile(
    r"(?:follow|find|read|see|join|continue|latest)\b[^.]{0,80}\b(?:here|new|latest)"
    r"|new live ?(?:page|blog)|hier (?:geht es )?weiter|weiter geht|la suite|sigue\w* aquí|continua qui",
    re.IGNORECASE,
)


def successor(document: Document, snapshot: Snapshot) -> str:
    """Return the address of the page that continues this one; "" where the page names none."""
    here = page_address(snapshot.url or document.page.url)
    said = _ONWARD.search if snapshot.status == "ended" else _no_match
    for words, url in (*_in_posts(snapshot), *_in_data(document, here), *_in_markup(document, here)):
        if _leads_on(url, here) and (_CLOSED.search(words) or said(words)):
            return page_address(url)
    return ""


def _leads_on(url: str, here: str) -> bool:
    """Whether a link leads to another live page of the same site."""
    to = page_address(url) if is_live(url) else here
    return to != here and is_live(to) and same_site(to, here)


def _no_match(_: str) -> None:
    return None


def _in_posts(snapshot: Snapshot) -> Iterator[tuple[str, str]]:
    """Yield the links of the summary and of the newest posts, each with its paragraph."""
    yield from _links(snapshot.summary)
    for entry in snapshot.entries[:_NEWEST]:
        headline = f"{entry.headline or ''}. "
        yield from ((headline + words, url) for words, url in _links(entry.body.paragraphs()))


def _links(paragraphs: Iterable[RichText]) -> Iterator[tuple[str, str]]:
    for paragraph in paragraphs:
        for span in paragraph.spans:
            if span.kind == "link":
                yield paragraph.text[:_BESIDE], span.url


def _in_data(document: Document, here: str) -> Iterator[tuple[str, str]]:
    """Yield the links of the words above the posts, where a page model carries them (the Guardian's)."""
    if b'"standfirst"' in document.body and document.json is not None:
        body = Body(here)
        body.html(string(record(document.json).get("standfirst")))
        yield from _links(body.rich_text().paragraphs())


def _in_markup(document: Document, here: str) -> Iterator[tuple[str, str]]:
    """Yield the links to other live pages that stand anywhere on the page, each with the words around it.

    To look for the closing words in the whole page first would take longer: a second for 2 MB.
    """
    if not document.is_html or document.json is not None:
        return
    for link in document.all("a[href]")[:_MOST_LINKS]:
        url = absolute(document.page.url, attribute(link, "href"))
        if _leads_on(url, here) and link.parent is not None:
            yield _words(link.parent), url


def _words(node: LexborNode) -> str:
    """Return what is visible in a node; "" where that is more than stands beside a link."""
    words: list[str] = []
    waiting, seen = [node], 0
    while waiting:
        part = waiting.pop()
        seen += len(part.text_content or "") if part.tag == "-text" else 1
        if seen > _BESIDE:
            return ""
        if part.tag == "-text":
            words.append(part.text_content or "")
        elif part.tag not in SILENT and not is_hidden(part):
            waiting.extend(list(islice(part.iter(include_text=True), _BESIDE))[::-1])
    return plain(" ".join(words))
