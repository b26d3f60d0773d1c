"""What the markup of one live-blog update shows: its body, pictures and embedded posts, whoever publishes it.

The body is the innermost block that still holds the words that the data gives for it; so nothing need be known of a
publisher's class names. If the data gives none, it is the update's paragraphs, lists and quotes. Left out are
headlines, times, bylines, captions, buttons, teasers of other pages, and posts of social networks, which are embeds.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import islice

from selectolax.lexbor import LexborNode

from bot.model import Image
from bot.richtext import RichText

from .bbc_figure import picture_address
from .html import Skip, Walk, ancestors, attribute, is_hidden, plain_text, rich_text
from .links import absolute
from .writing import plain

NEARLY = 0.9
"""The share of the data's words that the markup must have to be believed."""

LARGEST = 100_000
"""Characters of an update's HTML; a larger element is none."""

DEEPEST = 15
"""Elements within each other, in an update, that are looked into, or around a part of it."""

MOST_PICTURES = 50
MOST_TEASERS = 20

TEXTS = "p, blockquote, ul, ol, pre"
_WORD = re.compile(r"\w+")
_BLOCKS = frozenset(("div", "section", "article", "li", "ul", "ol", "table", "tbody", "tr", "td", "span"))
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_APART = frozenset(("time", "amp-timeago", "mark", "figure", "figcaption", "header", "footer", "aside", "menu"))
_APART_CLASS = re.compile(
    r"(?:^|[\s_-])(?:shar(?:e|ing)|social|byline|author|avatar|time-?stamp|caption|credit|related|newsletter|advert|"
    r"ad|promo|image-container|read-more|comments?)(?:$|[\s_-])",
    re.IGNORECASE,
)
_SOCIAL = re.compile(r"twitter-(?:tweet|video)|instagram-media|tiktok-embed|bluesky-embed|fb-post|mastodon-embed")
_PLAYER = re.compile(r"https?://(?:[a-z]+\.)?(?:youtube(?:-nocookie)?|vimeo|twitter|x|instagram|facebook|tiktok)\.com/")
_CREDIT = '[class*="credit"], [class*="copyright"], [class*="Credit"], [class*="Copyright"]'
_CREDIT_WORD = re.compile(r"^\W*(?:image|credit|photo(?:graph)?|picture)\s*:\s*", re.IGNORECASE)


class Content:
    """The markup of one update. `headline` and `told` are what the data says; `base` makes links absolute."""

    def __init__(self, node: LexborNode, headline: str, told: str, base: str) -> None:
        self.node, self.headline, self.base = node, headline.casefold(), base
        self.wanted = _words(told)
        self.teasers: dict[int, bool] = {}

    def body(self) -> RichText:
        """Return the body with its paragraphs, links and lists; empty where the markup says something else."""
        if not self.wanted:
            return self._texts()
        inner = self._innermost()
        return rich_text(inner, self.base, self._apart) if _share(inner, self.wanted) >= NEARLY else RichText()

    def heading(self) -> str:
        """Return the heading above the text; "" where there is none."""
        for part in self.node.css(f"h1, h2, h3, h4, {TEXTS}"):
            if part.tag not in _HEADINGS:
                break
            if not is_hidden(part) and not self._is_in(part, self._teases):
                return plain_text(part)
        return ""

    def images(self) -> tuple[Image, ...]:
        """Return the pictures in figures, each once."""
        pictures = self.node.css("figure img, figure amp-img, picture img")[:MOST_PICTURES]
        found = [self._image(picture) for picture in pictures if not self._is_in(picture, self._teases)]
        return tuple({image.url: image for image in found if image.url}.values())

    def embeds(self) -> tuple[str, ...]:
        """Return the addresses of embedded posts and videos."""
        found: list[str] = []
        for node in self.node.css("blockquote, iframe")[:MOST_PICTURES]:
            links = [attribute(link, "href") for link in node.css("a[href]")]
            told = attribute(node, "cite") or attribute(node, "data-instgrm-permalink") or "".join(links[-1:])
            url = absolute(self.base, attribute(node, "src") if node.tag == "iframe" else told)
            if url and (_is_social(node) or (node.tag == "iframe" and _PLAYER.match(url))):
                found.append(url.partition("?")[0] if node.tag == "blockquote" else url)
        return tuple(dict.fromkeys(found))

    # ── words ────────────────────────────────────────────────────────────────────────────────────────────────────

    def _innermost(self) -> LexborNode:
        """Return the innermost block with all those of the wanted words that the whole markup has."""
        node, held = self.node, _share(self.node, self.wanted)
        for _ in range(DEEPEST):
            inner = next(
                (part for part in node.iter() if part.tag in _BLOCKS and _share(part, self.wanted) >= held), None
            )
            if inner is None:
                break
            node = inner
        return node

    def _texts(self) -> RichText:
        walk = Walk(self.base, self._apart)
        texts: set[int] = set()
        for part in self.node.css(TEXTS):
            texts.add(part.mem_id)
            inner = any(parent.mem_id in texts for parent in islice(ancestors(part), DEEPEST))
            if not inner and not self._apart(part) and not self._is_in(part, self._apart):
                walk.add(part)
        return walk.rich_text()

    def _apart(self, part: LexborNode) -> bool:
        if part.tag in _APART or is_hidden(part) or _is_social(part):
            return True
        if _APART_CLASS.search(attribute(part, "class")) or self._teases(part):
            return True
        return part.tag in _HEADINGS and plain_text(part).casefold() == self.headline

    def _teases(self, part: LexborNode) -> bool:
        """Whether a block leads to another page by its heading, and is not the update's own text."""
        if part.tag not in _BLOCKS:
            return False
        if part.mem_id not in self.teasers:
            if len(self.teasers) >= MOST_TEASERS:
                return False
            if (title := _linked_heading(part)) is None:
                return False
            own = title == self.headline or (bool(self.wanted) and _share(part, self.wanted) >= 0.5)
            self.teasers[part.mem_id] = not own
        return self.teasers[part.mem_id]

    def _is_in(self, part: LexborNode, kind: Skip) -> bool:
        """Whether something around a part, within the update, is of a kind."""
        for parent in islice(ancestors(part), DEEPEST):
            if parent.mem_id == self.node.mem_id:
                return False
            if kind(parent):
                return True
        return False

    # ── pictures ─────────────────────────────────────────────────────────────────────────────────────────────────

    def _image(self, picture: LexborNode) -> Image:
        url, alt = picture_address(picture, self.base), plain(attribute(picture, "alt"))
        figure = next((parent for parent in ancestors(picture) if parent.tag == "figure"), None)
        caption = _caption(figure) if figure is not None else None
        if caption is None:
            return Image(url, alt)
        credit = caption.css_first(_CREDIT)
        without = credit.mem_id if credit is not None else None
        words = plain_text(caption, lambda part: part.mem_id == without or is_hidden(part))
        return Image(url, alt, words, _credit(credit) if credit is not None else "")


def is_small(node: LexborNode) -> bool:
    """Whether an element is no larger than the updates of live blogs are."""
    return len(node.html or "") <= LARGEST


def speaks_of(node: LexborNode, told: str) -> bool:
    """Whether an element is what some words are about: it has at least half of them."""
    wanted = _words(told)
    return is_small(node) and (not wanted or _share(node, wanted) >= 0.5)


def _words(text: str) -> Counter[str]:
    return Counter(_WORD.findall(text.casefold()))


def _share(node: LexborNode, wanted: Counter[str]) -> float:
    """Return the share of the wanted words that a part of the markup has."""
    found = _words(node.text(deep=True, separator=" "))
    missing = sum(times - found[word] for word, times in wanted.items() if times > found[word])
    return 1 - missing / wanted.total()


def _linked_heading(part: LexborNode) -> str | None:
    """Return the heading of a block that is a link; None where it has none."""
    links = (heading.css_first("a") for heading in part.iter() if heading.tag in _HEADINGS)
    return next((plain_text(link).casefold() for link in links if link is not None), None)


def _is_social(node: LexborNode) -> bool:
    return node.tag == "blockquote" and bool(_SOCIAL.search(attribute(node, "class")))


def _caption(figure: LexborNode) -> LexborNode | None:
    """Return the caption in the figure, or the one that wrongly stands behind it."""
    behind = figure.next
    if behind is not None and behind.tag == "-text" and not (behind.text_content or "").strip():
        behind = behind.next
    return figure.css_first("figcaption") or (behind if behind is not None and behind.tag == "figcaption" else None)


def _credit(node: LexborNode) -> str:
    """Return who is to be named: without the brackets and the word before."""
    return _CREDIT_WORD.sub("", plain_text(node)).strip(" ()")
