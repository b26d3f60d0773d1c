"""A post's body, gathered from pieces of HTML that publishers' APIs hand out: words, pictures, films, embedded posts.

What stands in the HTML beside its words is taken out of them: pictures with what their figure says of them; films;
frames and the posts of social networks, as links. No reader of one publisher keeps the text of such a post while
another drops it.
"""

from __future__ import annotations

import re
from html import unescape

from selectolax.lexbor import LexborHTMLParser, LexborNode

from bot.model import Clip, Image
from bot.richtext import RichText

from .document import deeper_than
from .html import Skip, Walk, ancestors, attribute, is_hidden, plain_text
from .links import absolute
from .writing import plain

DEEPEST = 1_000
"""Elements within each other in one piece; a deeper one gives its bare words (parsing time grows with the square)."""

MOST_PIECES = 2_000
MOST_BESIDE = 200
"""Pictures, frames and posts that are read of one piece, and pictures of one body; real posts stay under 30."""

_TAGS = re.compile(r"<(script|style)\b.*?(?:</\1|$)|<[^<>]*>", re.DOTALL | re.IGNORECASE)
_PLACEHOLDER = re.compile(r"\[\[[^\[\]\n]{0,300}\]\]")
_SIMPLE = re.compile(r"[^<&\[]*")
_POSTS = (
    'blockquote[class*="twitter-tweet"], blockquote[class*="twitter-video"], blockquote[class*="instagram-media"], '
    'blockquote[class*="tiktok-embed"], blockquote[class*="bluesky-embed"], blockquote[class*="reddit-"], '
    "[class*=fb-post], [class*=fb-video]"
)
_BESIDE = f"img, iframe, video, audio, {_POSTS}"
_LINKS_OF_POSTS = ("data-href", "data-instgrm-permalink", "cite")
_TINY = re.compile(r"[012](?:px)?")
_FACES = re.compile(r"\b(?:emoji|wp-smiley|avatar)\b")
_CAPTIONS = "figcaption, .wp-caption-text, .element-image__caption, .caption"
_CREDITS = '.element-image__credit, [class*="credit"], [class*="copyright"]'
_LEADS = re.compile(r"^(?:photographs?|photos?|composite|illustration|image|credit|foto|bild)\s*:\s*", re.IGNORECASE)


def parsed(html: str) -> LexborNode | None:
    """Return a piece of HTML as a tree; None where it holds nothing or is nested too deeply."""
    if not html.strip() or deeper_than(DEEPEST, html.encode("utf-8", "replace")):
        return None
    return LexborHTMLParser(html).body


def bare(html: str) -> str:
    """Return the words of a piece of HTML as one line, whatever is wrong with it."""
    if "<" not in html and "&" not in html:
        return plain(html)
    return plain(unescape(_TAGS.sub(" ", html)))


def inline(html: str) -> str:
    """Return the words of a line of HTML (a title, a caption, a credit): entities are one character each."""
    if not _SIMPLE.fullmatch(html):
        html = _PLACEHOLDER.sub("", html)
        node = parsed(html)
        return plain_text(node) if node is not None else bare(html)
    return plain(html)


def credit_of(words: str) -> str:
    """Return who is to be named for a picture, without the word that says that it is one."""
    return _LEADS.sub("", words).strip()


class Body:
    """A post's body under way; `base` makes its links absolute, `skip` says what is neither words nor beside them."""

    def __init__(self, base: str, skip: Skip = is_hidden) -> None:
        self.base = base
        self._skip = skip
        self.images: list[Image] = []
        self.clips: list[Clip] = []
        self.embeds: list[str] = []
        self._walk = Walk(base, self._is_beside)
        self._beside: frozenset[int] = frozenset()
        self._pieces = 0

    def rich_text(self) -> RichText:
        """Return the words that were added."""
        return self._walk.rich_text()

    def html(self, html: str) -> None:
        """Add a piece of HTML as a paragraph or more, and what stands in it beside its words."""
        self._pieces += 1
        if self._pieces > MOST_PIECES or not html:
            return
        html = _PLACEHOLDER.sub("", html) if "[[" in html else html
        if (node := parsed(html)) is not None:
            self.node(node)
        else:
            self.text(bare(html))

    def node(self, node: LexborNode) -> None:
        """Add what is in a node."""
        beside = [found for found in node.css(_BESIDE)[:MOST_BESIDE] if found.mem_id != node.mem_id]
        self._beside = frozenset(whole.mem_id for found in beside if (whole := _with_its_figure(found)) is not None)
        for found in beside:
            self._take(found)
        self.words(node)

    def words(self, node: LexborNode) -> None:
        """Add the words in a node alone."""
        self._walk.writer.block()
        self._walk.inside(node, 0)
        self._walk.writer.block()

    def text(self, words: str) -> None:
        """Add a paragraph of plain words."""
        self._walk.writer.block()
        self._walk.writer.text(words)
        self._walk.writer.block()

    def image(self, url: str, alt: str = "", caption: str = "", credit: str = "") -> None:
        """Add a picture, unless it has no address or is there already."""
        address = absolute(self.base, url)
        if address and len(self.images) < MOST_BESIDE and all(image.url != address for image in self.images):
            self.images.append(Image(address, plain(alt), plain(caption), credit_of(plain(credit))))

    def clip(self, url: str, caption: str = "") -> None:
        """Add a film or sound, unless nothing is known of it."""
        clip = Clip(absolute(self.base, url), plain(caption))
        if (clip.url or clip.caption) and len(self.clips) < MOST_BESIDE and clip not in self.clips:
            self.clips.append(clip)

    def embed(self, url: str) -> None:
        """Add a link to what is embedded."""
        address = absolute(self.base, url)
        if address and len(self.embeds) < MOST_BESIDE and address not in self.embeds:
            self.embeds.append(address)

    def _is_beside(self, node: LexborNode) -> bool:
        return node.mem_id in self._beside or self._skip(node)

    def _take(self, node: LexborNode) -> None:
        if node.tag == "img":
            self._image(node)
        elif node.tag == "iframe":
            self.embed(attribute(node, "src") or attribute(node, "data-src"))
        elif node.tag in ("video", "audio"):
            source = node.css_first("source[src]")
            self.clip(attribute(node, "src") or (attribute(source, "src") if source else ""), _caption(node))
        else:
            self.embed(_link_of_post(node))

    def _image(self, node: LexborNode) -> None:
        url = next((told for name in ("data-src", "data-lazy-src", "src") if (told := attribute(node, name))), "")
        if _is_decoration(node) or url.startswith("data:"):
            return
        self.image(url, attribute(node, "alt"), _caption(node), _credit(node))


def _is_decoration(node: LexborNode) -> bool:
    """Whether this is a counting pixel, a smiley or the face of an author."""
    sizes = (attribute(node, "width"), attribute(node, "height"))
    if any(_TINY.fullmatch(size) for size in sizes) or _FACES.search(attribute(node, "class")):
        return True
    return any(found.tag == "blockquote" and attribute(found, "class") for found in ancestors(node))


def _figure(node: LexborNode) -> LexborNode | None:
    """Return the figure around a picture: the element that may hold its caption."""
    for parent in ancestors(node):
        if parent.tag == "figure" or "wp-caption" in attribute(parent, "class").split():
            return parent
    return None


def _with_its_figure(node: LexborNode) -> LexborNode | None:
    """Return what is to be left out of the words with a node: its figure, unless that has more to say (a table)."""
    figure = _figure(node)
    if figure is None or figure.css_first("table, p:not(figcaption p, .wp-caption-text), blockquote:not([class])"):
        return node
    return figure


def _caption(node: LexborNode) -> str:
    figure = _figure(node)
    found = figure.css_first(_CAPTIONS) if figure is not None else None
    if found is None:
        return ""
    return plain_text(found, lambda part: is_hidden(part) or _is_credit(part))


def _credit(node: LexborNode) -> str:
    figure = _figure(node)
    found = figure.css_first(_CREDITS) if figure is not None else None
    return plain_text(found) if found is not None else ""


def _is_credit(node: LexborNode) -> bool:
    return node.tag != "figcaption" and any(
        "credit" in name or "copyright" in name for name in attribute(node, "class").split()
    )


def _link_of_post(node: LexborNode) -> str:
    """Return the address of a network's post: told by an attribute, else its last link (its date leads to it)."""
    for name in _LINKS_OF_POSTS:
        if told := attribute(node, name):
            return told
    links = node.css("a[href]")
    return attribute(links[-1], "href") if links else ""
