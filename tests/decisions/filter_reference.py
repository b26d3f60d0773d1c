"""A slow and obvious evaluator of filters: trees of random terms, how a person types them, and what they should say."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from bot.model import Author, Clip, Entry, Image
from bot.richtext import RichText

# Two letters that case and accents vary, so that what should match often does, and often just not.
FORMS = {"a": "aAäÄ", "b": "bB"}
_GAPS = (" ", ", ", "-", ". ", "’", "\n")


@dataclass(frozen=True)
class Node:
    """A term: its `kind`, what it is about, the terms under it, and the place that `in:` gives it ("" for none)."""

    kind: str
    about: Any = None
    under: tuple[Node, ...] = ()
    place: str = ""


def words_of(text: str) -> list[str]:
    """Return the words of one line, as they are spelt."""
    return re.sub(r"[^aAbBäÄ]", " ", text).split()


def plain(word: str) -> str:
    """Return a word without case and accents."""
    return word.lower().replace("ä", "a")


def stands(words: list[str], text: str, *, spelt: bool) -> bool:
    """Whether words stand side by side in one line of a text."""
    for line in text.split("\n"):
        there = words_of(line) if spelt else [plain(word) for word in words_of(line)]
        wanted = words if spelt else [plain(word) for word in words]
        if any(there[at : at + len(wanted)] == wanted for at in range(len(there))):
            return True
    return False


def should_pass(node: Node, entry: Entry, place: str = "") -> bool:  # noqa: PLR0911  # one line for each kind
    """Judge an entry the slow way."""
    place = node.place or place
    texts = {"headline": [entry.headline or ""], "body": [entry.body.text]}.get(
        place, [entry.headline or "", entry.body.text]
    )
    match node.kind:
        case "words":
            return any(stands(node.about, text, spelt=False) for text in texts)
        case "quoted":
            return any(stands(node.about, text, spelt=True) for text in texts)
        case "pattern":
            return any(node.about.lower() in text.lower() for text in texts)
        case "author":
            return any(stands([node.about], author.name, spelt=False) for author in entry.authors)
        case "is":
            return node.about in entry.flags
        case "has":
            return bool({"image": entry.images, "video": entry.clips, "link": entry.embeds}[node.about])
        case "not":
            return not should_pass(node.under[0], entry, place)
        case "all":
            return all(should_pass(each, entry, place) for each in node.under)
    return any(should_pass(each, entry, place) for each in node.under)


def typed(node: Node) -> str:  # noqa: PLR0911  # one line for each kind
    """Return a term as a person types it."""
    match node.kind:
        case "words":
            return "-".join(node.about)
        case "quoted":
            return f'"{" ".join(node.about)}"'
        case "pattern":
            return f"/{node.about}/"
        case "author" | "is" | "has":
            return f"{node.kind}:{node.about}"
        case "not":
            return f"-{typed(node.under[0])}"
        case "all":
            inside = " ".join(typed(each) for each in node.under)
            return f"({inside} in:{node.place})" if node.place else f"({inside})"
    return f"({' OR '.join(typed(each) for each in node.under)})"


word = st.text("".join(FORMS.values()), min_size=1, max_size=2)
_words = st.lists(word, min_size=1, max_size=2)
_leaf = st.one_of(
    st.builds(Node, st.just("words"), _words),
    st.builds(Node, st.just("quoted"), _words),
    st.builds(Node, st.just("pattern"), st.text("ab", min_size=1, max_size=3)),
    st.builds(Node, st.just("author"), word),
    st.builds(Node, st.just("is"), st.sampled_from(("breaking", "key", "pinned"))),
    st.builds(Node, st.just("has"), st.sampled_from(("image", "video", "link"))),
)


def _grown(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    several = st.lists(inner, min_size=1, max_size=3).map(tuple)
    return st.one_of(
        # One minus is enough: a contrary of a contrary needs parentheses.
        st.builds(lambda each: Node("not", None, (each if each.kind != "not" else Node("all", None, (each,)),)), inner),
        st.builds(Node, st.just("all"), st.none(), several, st.sampled_from(("", "", "headline", "body"))),
        st.builds(Node, st.just("either"), st.none(), several),
    )


nodes = st.recursive(_leaf, _grown, max_leaves=8)
text = st.lists(st.tuples(word, st.sampled_from(_GAPS))).map(lambda pairs: "".join(map("".join, pairs)))
entries = st.builds(
    lambda headline, body, names, flags, has: Entry(
        key="k",
        headline=headline,
        body=RichText(body),
        authors=tuple(Author(name) for name in names),
        flags=flags,
        images=(Image("https://pictures.example/1"),) if "image" in has else (),
        clips=(Clip("https://clips.example/1"),) if "video" in has else (),
        embeds=("https://posts.example/1",) if "link" in has else (),
    ),
    word.map(lambda first: first) | text.map(lambda line: " ".join(line.split()) or "b"),
    text,
    st.lists(word, max_size=2),
    st.frozensets(st.sampled_from(("breaking", "key", "pinned"))),
    st.sets(st.sampled_from(("image", "video", "link"))),
)

__all__ = ["entries", "nodes", "should_pass", "typed"]
