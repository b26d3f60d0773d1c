"""A post's body, gathered from pieces of HTML that publishers' APIs hand out: words, pictures, films, embedded posts.

What stands in the HTML beside its words is taken out of them: pictures with what their figure says of them; films;
frames and the posts of social networks, as links. No reader of one publisher keeps the text of such a post while
another drops it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from selectolax.lexbor import LexborNode

from bot.model import Clip, Image
from bot.richtext import RichText

from .html import Skip, Walk, ancestors, attribute, is_hidden, plain_text
from .links import absolute
from .markup import PLACEHOLDER, tree, without_tags
from .writing import plain

DEEPEST = 1_000
"""Elements within each other in one piece; a deeper one gives its bare words (parsing time grows with the square)."""

MOST_PIECES = 2_000
MOST_BESIDE = 60
"""Pictures, frames and films that are read of one piece, and of one body; real posts stay under 30."""

MOST_POSTS = 20
"""Posts of networks that are read of one piece."""

MOST_PARTS = 300
"""Elements of a figure that are looked at."""

NEAR = 20
"""Elements around a picture among which its figure is looked for."""

_SIMPLE = re.compile(r"[^<&\[]*")
_POSTS = (
    'blockquote[class*="twitter-tweet"], blockquote[class*="twitter-video"], blockquote[class*="instagram-media"], '
    'blockquote[class*="tiktok-embed"], blockquote[class*="bluesky-embed"], blockquote[class*="reddit-"], '
    "[class*=fb-post], [class*=fb-video]"
)
_LINKS_OF_POSTS = ("data-href", "data-instgrm-permalink", "cite")
_TINY = re.compile(r"[012](?:px)?")
_FACES = re.compile(r"\b(?:emoji|wp-smiley|avatar)\b")
_CAPTIONS = frozenset(("wp-caption-text", "element-image__caption", "caption"))
_LEADS = re.compile(r"^(?:photographs?|photos?|composite|illustration|image|credit|foto|bild)\s*:\s*", re.IGNORECASE)


def parsed(html: str) -> LexborNode | None:
    """Return a piece of HTML as a tree; None where it holds nothing or is nested too deeply."""
    return tree(html, DEEPEST) if html.strip() else None


def bare(html: str) -> str:
    """Return the words of a piece of HTML as one line, whatever is wrong with it."""
    if "<" not in html and "&" not in html:
        return plain(html)
    return plain(without_tags(html))


def inline(html: str) -> str:
    """Return the words of a line of HTML (a title, a caption, a credit): entities are one character each."""
    if not _SIMPLE.fullmatch(html):
        html = PLACEHOLDER.sub("", html)
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
        html = PLACEHOLDER.sub("", html) if "[[" in html else html
        if (node := parsed(html)) is not None:
            self.node(node)
        else:
            self.text(bare(html))

    def node(self, node: LexborNode) -> None:
        """Add what is in a node."""
        self._find_beside(node)
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

    def clip(self, url: str, caption: str = "", picture: str = "") -> None:
        """Add a film or sound, unless nothing is known of it."""
        clip = Clip(absolute(self.base, url), plain(caption), absolute(self.base, picture))
        if (clip.url or clip.caption) and len(self.clips) < MOST_BESIDE and clip not in self.clips:
            self.clips.append(clip)

    def embed(self, url: str) -> None:
        """Add a link to what is embedded."""
        address = absolute(self.base, url)
        if address and len(self.embeds) < MOST_BESIDE and address not in self.embeds:
            self.embeds.append(address)

    def _is_beside(self, node: LexborNode) -> bool:
        return node.mem_id in self._beside or self._skip(node)

    def _find_beside(self, node: LexborNode) -> None:
        """Take what stands beside the words, and note what is to be left out of them with it."""
        beside, figures = set(), dict[int, _Figure]()
        posts = node.css(_POSTS)[:MOST_POSTS]
        for found in (*posts, *node.css("img, iframe, video, audio")[:MOST_BESIDE]):
            if found.mem_id == node.mem_id or found.mem_id in beside:
                continue
            around = list(islice(ancestors(found), NEAR))
            whole = next((parent for parent in around if _is_figure(parent)), None)
            if whole is not None and whole.mem_id not in figures:
                figures[whole.mem_id] = _Figure(whole)
            figure = figures[whole.mem_id] if whole is not None else None
            if not any(parent.mem_id in beside and not _is_figure(parent) for parent in around):
                self._take(found, figure)
            beside.add(whole.mem_id if whole is not None and figure and not figure.says_more else found.mem_id)
        self._beside = frozenset(beside)

    def _take(self, node: LexborNode, figure: _Figure | None) -> None:
        caption = figure.caption if figure else ""
        if node.tag == "img":
            self._image(node, caption, figure.credit if figure else "")
        elif node.tag == "iframe":
            self.embed(attribute(node, "src") or attribute(node, "data-src"))
        elif node.tag in ("video", "audio"):
            source = node.css_first("source[src]")
            url = attribute(node, "src") or (attribute(source, "src") if source else "")
            self.clip(url, caption, attribute(node, "poster"))
        else:
            self.embed(_link_of_post(node))

    def _image(self, node: LexborNode, caption: str, credit: str) -> None:
        url = next((told for name in ("data-src", "data-lazy-src", "src") if (told := attribute(node, name))), "")
        if not _is_decoration(node) and not url.startswith("data:"):
            self.image(url, attribute(node, "alt"), caption, credit)


def _is_decoration(node: LexborNode) -> bool:
    """Whether this is a counting pixel, a smiley or the face of an author."""
    sizes = (attribute(node, "width"), attribute(node, "height"))
    return any(_TINY.fullmatch(size) for size in sizes) or bool(_FACES.search(attribute(node, "class")))


def _is_figure(node: LexborNode) -> bool:
    return node.tag == "figure" or "wp-caption" in attribute(node, "class").split()


class _Figure:
    """What a figure says of its picture. Looked at once; what is in a figure inside it belongs to that one."""

    def __init__(self, figure: LexborNode) -> None:
        parts = list(islice(_parts(figure), MOST_PARTS))
        caption = next((part for part in parts if _is_caption(part)), None)
        credit = next((part for part in parts if _is_credit(part)), None)
        self.caption = plain_text(caption, _is_hidden_or_credit) if caption is not None else ""
        self.credit = plain_text(credit) if credit is not None else ""
        self.says_more = any(_says_more(part) for part in parts)


def _parts(figure: LexborNode) -> Iterator[LexborNode]:
    """Return the elements of a figure, without those in the figures and captions inside it."""
    waiting = [figure]
    while waiting:
        for child in waiting.pop().iter():
            yield child
            if not (_is_figure(child) or child.tag == "blockquote"):
                waiting.append(child)


def _is_caption(node: LexborNode) -> bool:
    return node.tag == "figcaption" or bool(_CAPTIONS.intersection(attribute(node, "class").split()))


def _is_credit(node: LexborNode) -> bool:
    if node.tag == "figcaption":
        return False
    return any("credit" in name or "copyright" in name for name in attribute(node, "class").split())


def _is_hidden_or_credit(node: LexborNode) -> bool:
    return is_hidden(node) or _is_credit(node)


def _says_more(node: LexborNode) -> bool:
    """Whether an element of a figure is text of its own: a table, a quotation, a paragraph outside the caption."""
    if node.tag == "blockquote":
        return not attribute(node, "class")
    in_caption = _is_caption(node) or (node.parent is not None and _is_caption(node.parent))
    return node.tag == "table" or (node.tag == "p" and not in_caption)


def _link_of_post(node: LexborNode) -> str:
    """Return the address of a network's post: told by an attribute, else its last link (its date leads to it)."""
    for name in _LINKS_OF_POSTS:
        if told := attribute(node, name):
            return told
    links = node.css("a[href]")
    return attribute(links[-1], "href") if links else ""
