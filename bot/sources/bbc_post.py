"""One post of the present renderer: an `article[data-testid="content-post"]`, read from top to bottom.

label, "Pinned"          what stands above the heading
heading                  the headline ("Post" is none), the time, perhaps "Breaking" behind it
contributors             names and roles
paragraphs, lists, …     the body; a subheadline is its first paragraph
figures                  pictures, or clips where "Media caption" or a player says so
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from itertools import islice

from selectolax.lexbor import LexborNode

from bot.model import Author, Entry, Flag

from .bbc_figure import Figures, is_player
from .bbc_model import KEY
from .html import LISTS, SILENT, Walk, ancestors, attribute, fragments, has_class, is_hidden, plain_text
from .links import absolute
from .times import iso_time, told_time
from .writing import plain

DEEPEST = 60
REMEMBERED = 1000
"""Posts, of all pages together; some 10 kB each."""

LONGEST_REMEMBERED = 40_000
"""Characters; a longer post is read anew each time, so that what is remembered stays under 50 MB at worst."""

MOST_AUTHORS = 20

_HEADINGS = "header h1, header h2, header h3, header h4, [class*='HeadlineWrap'], header [role='text'], h2, h3"
_TEXTS = LISTS | {"p", "blockquote", "pre", "table", "dl", "h2", "h3", "h4", "h5", "h6"}
_PARTS = re.compile(
    r"(?P<shared>Share(?:Link|Button|Panel|Tools)(?:\s|$))"
    r"|(?P<embed>twitter-tweet|twitter-video|instagram-media|tiktok-embed|bluesky-embed|SocialEmbed)"
    r"|(?P<contributor>Contributor)|(?P<player>MediaPlayer)|(?P<text>-Sub[Hh]eadline(?:\s|$))"
)
"""What the classes of an element say that it is; only ends of names are the same in every build."""

_TEST_IDS = (("social", "embed"), ("contributor", "contributor"), ("share", "shared"))
_FLAGS: dict[str, Flag] = {
    "breaking": "breaking",
    "breaking news": "breaking",
    "pinned": "pinned",
    "key event": "key",
    "key moment": "key",
    "key point": "key",
}


def post(article: LexborNode, page: str, fetched_at: datetime) -> Entry:
    """Return what a post says; without a key where it has no id of its own."""
    written = _Written(article)
    read = _content if len(written.html) <= LONGEST_REMEMBERED else _content.__wrapped__
    entry, stamp, words = read(written, page)
    moment = iso_time(stamp or None) or told_time(words, fetched_at)
    return replace(entry, published_at=moment, flags=entry.flags | _pinned(article))


def forget() -> None:
    """Forget the posts that were read."""
    _content.cache_clear()


def address(page: str, key: str) -> str:
    """Return the address that opens the page at a post."""
    return f"{page}?post={key.replace(':', '%3A')}#post"


class _Written:
    """A post's HTML, equal to the same HTML that was read before. `article` is its element until it was read."""

    __slots__ = ("article", "html")

    def __init__(self, article: LexborNode) -> None:
        self.article: LexborNode | None = article
        self.html = article.html or ""

    def __hash__(self) -> int:
        return hash(self.html)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Written) and self.html == other.html

    def take(self) -> LexborNode:
        """Return the element, and hold it no longer: it would keep the whole page for as long as this is remembered."""
        article, self.article = self.article, None
        assert article is not None, "what is remembered is not read again"
        return article


@lru_cache(maxsize=REMEMBERED)
def _content(written: _Written, page: str) -> tuple[Entry, str, str]:
    """Return what a post's own HTML says, and its time as it is written there.

    Remembered, because a page is only read when it changed, and then all its posts but one or two are as before.
    """
    article = written.take()
    key = attribute(article, "id").removeprefix("urn:")
    key = key if KEY.fullmatch(key) else ""
    told = _Post(article, page)
    stamp, words = _time(article)
    entry = Entry(
        key=key,
        headline=told.headline,
        body=told.body.rich_text(),
        url=address(page, key) if key else page,
        authors=tuple(told.authors),
        label=" ".join(told.labels) or None,
        images=tuple(told.figures.images),
        clips=tuple(told.figures.clips),
        embeds=tuple(dict.fromkeys(told.embeds)),
        flags=frozenset(told.flags | ({"breaking"} if words.endswith("Breaking") else set())),
    )
    return entry, stamp, words


def _time(article: LexborNode) -> tuple[str, str]:
    """Return the post's time: for machines, if it is there so, and in words, to which "Breaking" may be glued."""
    for selector in ('[data-testid="accessible-timestamp"]', '[data-testid="timestamp"]', "time"):
        if (stamp := article.css_first(selector)) is not None:
            return attribute(stamp, "datetime"), plain(stamp.text(deep=True))
    return "", ""


def _pinned(article: LexborNode) -> frozenset[Flag]:
    around = (article, *islice(ancestors(article), 2))
    told = any("data-pinned" in node.attributes or has_class(node, "Pinned") for node in around)
    return frozenset(("pinned",)) if told else frozenset()


class _Post:
    """A post under way."""

    def __init__(self, article: LexborNode, page: str) -> None:
        self.page = page
        self.headline: str | None = None
        self.labels: list[str] = []
        self.flags: set[Flag] = set()
        self.authors: list[Author] = []
        self.body = Walk(page)
        self.embeds: list[str] = []
        self.figures = Figures(page)
        heading = article.css_first(_HEADINGS)
        self._heading = heading.mem_id if heading else None
        self._to_heading = {node.mem_id for node in ancestors(heading)} if heading else set()
        self._headed = heading is None
        self._read(article, 0)

    def _read(self, node: LexborNode, depth: int) -> None:
        for child in node.iter():
            if child.mem_id == self._heading:
                self._head(child)
            elif child.mem_id in self._to_heading and depth < DEEPEST:
                self._read(child, depth + 1)
            elif not self._headed:
                self._label(child)
            elif not is_hidden(child):
                self._content(child, child.tag or "", depth)

    def _head(self, heading: LexborNode) -> None:
        self._headed = True
        words = list(fragments(heading, _is_time))
        flags = [word for word in words if word.lower() in _FLAGS]
        if len(words) > len(flags):
            self.flags.update(_FLAGS[word.lower()] for word in flags)
            words = [word for word in words if word not in flags]
        headline = plain_text(heading, lambda node: _is_time(node) or plain(node.text(deep=True)) in flags)
        self.headline = headline if words and headline != "Post" else None

    def _label(self, node: LexborNode) -> None:
        """Take down what stands above the heading."""
        if node.css_first("img") is not None:
            self.figures.add(node)
        for word in [] if _is_time(node) else fragments(node, _is_time):
            flag = _FLAGS.get(word.lower())
            if flag:
                self.flags.add(flag)
            else:
                self.labels.append(word)

    def _content(self, node: LexborNode, tag: str, depth: int) -> None:
        part = _part(node)
        if tag == "iframe" or part == "embed":
            self._embed(node)
        elif tag in ("figure", "img", "picture") or part == "player" or is_player(node):
            self.figures.add(node)
        elif part == "contributor":
            self.authors.extend(_authors(node))
        elif tag in ("p", "span", "figcaption") and self.figures.take(node):
            pass
        elif tag in _TEXTS or part == "text":
            self._text(node)
        elif tag not in SILENT and part != "shared" and depth < DEEPEST:
            self._read(node, depth + 1)

    def _text(self, node: LexborNode) -> None:
        for picture in node.css("img"):
            self.figures.add(picture)
        self.body.writer.block()
        self.body.add(node)
        self.body.writer.block()

    def _embed(self, node: LexborNode) -> None:
        links = [absolute(self.page, attribute(link, "href")) for link in node.css("a[href]")]
        told = absolute(self.page, attribute(node, "src")) or next((url for url in reversed(links) if url), "")
        if told:
            self.embeds.append(told)


def _is_time(node: LexborNode) -> bool:
    if attribute(node, "data-testid") in ("timestamp", "accessible-timestamp") or node.tag == "time":
        return True
    return is_hidden(node)


def _part(node: LexborNode) -> str:
    """Return what an element is by its classes or test id: a group of _PARTS; "" where they do not say."""
    attributes = node.attributes
    found = _PARTS.search(attributes.get("class") or "")
    if found:
        return found.lastgroup or ""
    testid = attributes.get("data-testid") or ""
    return next((part for word, part in _TEST_IDS if word in testid), "") if testid else ""


def _authors(node: LexborNode) -> list[Author]:
    """Return who is named: one element each, where they are told apart, else names and roles in turn."""
    parts = [part for part in node.css("[class*='Contributor']")[:MOST_AUTHORS] if has_class(part, "Contributor")]
    around = {parent.mem_id for part in parts for parent in ancestors(part)}
    single = [part for part in parts if part.mem_id not in around]
    return [author for part in single or [node] for author in _named(part)]


def _named(node: LexborNode) -> list[Author]:
    words = list(fragments(node))
    if len(words) > 2 and len(words) % 2 == 0:
        return [Author(name, role) for name, role in zip(words[::2], words[1::2], strict=True)]
    return [Author(words[0], " ".join(words[1:]).lstrip(", "))] if words else []
