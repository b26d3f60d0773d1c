"""What an ordinary page names besides what it says: where its entries are answered, its feeds, live pages. Pure.

A reading of the same page that tells more than its HTML goes first: the site's own data, then the answer of the
live-blog platform that it embeds. Feeds and links to live pages are something else, for a person to choose.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from bot.model import Offer, Offers, Page

from . import bbc, bbc_lx, bbc_world, guardian
from .alternates import alternates
from .document import Document
from .html import attribute, plain_text
from .links import absolute, page_address
from .live_links import is_live, same_site
from .platforms import embedded

GUARDIAN_MODEL = ".json?dcr=true"
GUARDIAN_API = "https://content.guardianapis.com{}?show-blocks=all&show-fields=all"
MOST_LIVE, MOST_LINKS = 5, 3000
_LONGEST_NAME = 80


def discover(page: Page, *, guardian_api: bool = False) -> Offers:
    """Return what a page names; `guardian_api`: there is a key for the Guardian's Content API.

    Raises UnreadablePage where there is too much of it, or it is nested too deeply.
    """
    document = Document(page)
    if not document.is_html or document.json is not None:
        return Offers()
    readings = tuple(_readings(document, guardian_api=guardian_api))
    return Offers(_title(document), readings, (*_feeds(document), *_live_pages(document)))


def _readings(document: Document, *, guardian_api: bool) -> Iterator[Offer]:
    """Yield the other ways to read this very page, best first; the BBC's own pages need none."""
    if guardian.recognises(document):
        here = urlsplit(page_address(document.page.url))
        if guardian_api and (here.hostname or "").endswith("theguardian.com"):
            yield Offer("data", GUARDIAN_API.format(here.path), "the Guardian's Content API")
        yield Offer("data", page_address(document.page.url) + GUARDIAN_MODEL, "the Guardian's own data")
    elif not any(reader.recognises(document) for reader in (bbc, bbc_lx, bbc_world)):
        for name, url in embedded(document).items():
            yield Offer("platform", url, name)


def _feeds(document: Document) -> Iterator[Offer]:
    titles = {absolute(document.page.url, attribute(link, "href")): link for link in document.all("link[href][title]")}
    for url in alternates(document):
        link = titles.get(url)
        yield Offer("feed", url, _name(attribute(link, "title") if link else ""))


def _live_pages(document: Document) -> Iterator[Offer]:
    """Yield the site's live pages that this one links to, by the shape of their addresses."""
    here = page_address(document.page.url)
    seen = {here}
    for link in document.all("a[href]")[:MOST_LINKS]:
        url = page_address(absolute(document.page.url, attribute(link, "href")))
        if url in seen or not is_live(url) or not same_site(url, here):
            continue
        seen.add(url)
        yield Offer("live", url, _name(plain_text(link)))
        if len(seen) > MOST_LIVE:
            return


def _title(document: Document) -> str:
    for selector in ("article h1, main h1", "h1", "title"):
        node = document.first(selector)
        if node is not None and (words := _name(plain_text(node), 300)):
            return words
    return ""


def _name(words: str, longest: int = _LONGEST_NAME) -> str:
    line = " ".join(words.split())
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"
