"""Rich text as Discord's markdown, so that nothing an entry says becomes markup, a mention, an emoji or a command.

Every character that Discord could read as markup gets a backslash; only our own spans make markup. Where a stretch
of text is itself an address it is written as `<address>`, the one form that Discord takes literally.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby, pairwise
from typing import NamedTuple
from urllib.parse import quote, urlsplit

from bot.richtext import RichText, Span

# Alternatives in order: an address (kept whole), what is markup anywhere, the colons of `:name:` and of `://`.
_SPECIAL = re.compile(
    r"""(?P<url>https?://[^\s<>*|`\\]*[^\s<>*|`\\.,:;!?'"()\[\]])
      | [\\*_~|`<>@\#\[\]]
      | :(?=//|[^\s:]*+:)""",
    re.VERBOSE | re.IGNORECASE,
)
_LIST = re.compile(r"^(\s*|\s*\d+)([-+.)])", re.MULTILINE)  # headings and quotes are escaped anywhere
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff]")
_UNSAFE_IN_URL = re.compile(r"""[\s<>()\[\]*|`\\"']""")
_ADDRESS = re.compile(r"(?:[a-z][a-z0-9+.-]*://\S+|(?:[\w-]+\.)+[a-z]{2,}(?:[/?#:]\S*)?)\Z", re.IGNORECASE)
_HOST = re.compile(r"[\w.-]+\Z")
_PAIRED = re.compile(r"[^\[\]]*(?:\[[^\[\]]*\][^\[\]]*)*")
_WIDE = str.maketrans("[]", "［］")  # Discord counts the brackets of a label, escaped or not: only pairs may stay
_LONGEST_MASKED = 500  # ours: a longer address would eat the room of the text it stands in
_GAP = "\u200b"  # keeps the asterisks of neighbours apart; Discord would read them as one run


def units(text: str) -> int:
    """Return how long Discord may find the text: UTF-16 units, never fewer than the code points it may count."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def clean(text: str) -> str:
    """Return the text without control characters and lone surrogates, which Discord refuses or drops."""
    return _UNPRINTABLE.sub("", text)


def escape(text: str, *, addresses: bool = True) -> str:
    """Return markdown that shows exactly `text`; addresses in it stay clickable unless `addresses` is False."""
    return _without_lists(_escape_inline(text, addresses=addresses))


def _escape_inline(text: str, *, addresses: bool = True) -> str:
    def written(found: re.Match[str]) -> str:
        if not found["url"]:
            return f"\\{found[0]}"
        return f"<{found['url']}>" if addresses else re.sub(r"([_~@#\[\]:])", r"\\\1", found["url"])

    return _SPECIAL.sub(written, clean(text))


def _without_lists(text: str) -> str:
    return _LIST.sub(r"\1\\\2", text)


def unescape(markdown: str) -> str:
    """Return the text that `escape` was given."""
    return re.sub(r"<(https?://[^\s<>]+)>|\\([^0-9A-Za-z\s])", lambda found: found[1] or found[2], markdown)


@lru_cache(maxsize=1024)
def web_address(url: str) -> str:
    """Return the address as it may stand in markdown or a field of an embed; "" unless it is http(s) and usable."""
    written = _UNSAFE_IN_URL.sub(lambda found: quote(found[0], safe=""), clean(url).strip())
    try:
        parts = urlsplit(written)
        port = parts.port
    except ValueError:
        return ""
    usable = parts.scheme.lower() in ("http", "https") and _HOST.match(parts.hostname or "") and port != 0
    return written if usable and units(written) <= 2048 else ""


def link(label: str, url: str) -> str:
    """Return a masked link; where the label is itself an address of somewhere else, both are shown instead.

    Discord does not mask a link whose label holds an address, and a label that names another host is phishing.
    """
    target, label = web_address(url), clean(label)
    if not target or units(target) > _LONGEST_MASKED:
        return escape(label, addresses=False)
    if label.strip() in (url, target):
        return f"<{target}>"
    if "://" in label or (_ADDRESS.match(label.strip()) and host_of(label.strip()) != host_of(target)):
        return f"{escape(label, addresses=False)} (<{target}>)"
    if not _PAIRED.fullmatch(label):
        label = label.translate(_WIDE)
    return f"[{escape(label, addresses=False)}](<{target}>)"


def host_of(address: str) -> str:
    """Return the host that an address names, with or without a scheme before it; "" if none."""
    try:
        host = urlsplit(address if "://" in address else f"//{address}").hostname or ""
    except ValueError:
        return ""
    return host.lower().removeprefix("www.")


def markdown(text: RichText) -> str:
    """Return the rich text as markdown, line by line: Discord's spans do not reach over a blank line."""
    return "\n".join(_line(text, start, end) for start, end in _lines(text.text))


def _lines(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for line in text.split("\n"):
        yield start, start + len(line)
        start += len(line) + 1


def _line(text: RichText, start: int, end: int) -> str:
    quoted = any(span.kind == "quote" and span.start < max(end, start + 1) and span.end > start for span in text.spans)
    return ("> " if quoted else "") + _without_lists(_joined(_links(list(_runs(text, start, end)))))


def _styles(span: Span) -> bool:
    """Whether the span changes how words look: a quote is a matter of lines, a link to nowhere is none."""
    if span.kind == "quote" or span.start >= span.end:
        return False
    return span.kind != "link" or bool(web_address(span.url))


class _Look(NamedTuple):
    url: str
    bold: bool
    italic: bool
    code: bool


class _Run(NamedTuple):
    """A stretch of one line over which nothing changes; its neighbours look different."""

    text: str
    look: _Look


def _runs(text: RichText, start: int, end: int) -> Iterator[_Run]:
    spans = [span for span in text.spans if span.start < end and span.end > start and _styles(span)]
    edges = {start, end, *(edge for span in spans for edge in (span.start, span.end) if start < edge < end)}
    stretches = pairwise(sorted(edges))
    for look, group in groupby(stretches, key=lambda stretch: _look(text.text, spans, *stretch)):
        yield _Run("".join(text.text[left:right] for left, right in group), look)


def _look(text: str, spans: list[Span], left: int, right: int) -> _Look:
    over = [span for span in spans if span.start <= left and span.end >= right]
    kinds = {span.kind for span in over}
    url = next((span.url for span in over if span.kind == "link"), "")
    code = "code" in kinds and not set(text[left:right]) & set("`*\\")  # in code nothing can be escaped
    return _Look(url, "bold" in kinds, "italic" in kinds, code)


def _links(runs: list[_Run]) -> Iterator[str]:
    for url, linked in groupby(runs, key=lambda run: run.look.url):
        group = list(linked)
        if not url:
            yield from _styled(group)
            continue
        label = "".join(run.text for run in group)
        mark = "**" if all(run.look.bold for run in group) else "*" if all(run.look.italic for run in group) else ""
        yield _wrapped(mark, label, link(label.strip(), url), around=True)


def _styled(runs: list[_Run]) -> Iterator[str]:
    for bold, stretch in groupby(runs, key=lambda run: run.look.bold):
        inner = list(stretch)
        pieces = _joined(_italic(inner))
        yield _wrapped("**" if bold else "", "".join(run.text for run in inner), pieces.strip() if bold else pieces)


def _italic(runs: list[_Run]) -> Iterator[str]:
    for italic, stretch in groupby(runs, key=lambda run: run.look.italic):
        inner = list(stretch)
        pieces = _joined(_code(run) for run in inner)
        yield _wrapped("*" if italic else "", "".join(run.text for run in inner), pieces.strip() if italic else pieces)


def _code(run: _Run) -> str:
    core = clean(run.text).strip()
    if not run.look.code or not core:
        return _escape_inline(run.text)
    return _wrapped("", run.text, f"`{core}`", around=True)


def _wrapped(mark: str, text: str, written: str, *, around: bool = False) -> str:
    """Put the mark close around what is written, and the white space of the text outside of it: Discord insists."""
    if not (mark or around):
        return written
    text = clean(text)
    if not text.strip():
        return text
    before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    return f"{before}{mark}{written}{mark}{after}"


def _joined(pieces: Iterator[str]) -> str:
    joined = ""
    for piece in pieces:
        touching = joined.endswith(("*", "`")) and piece.startswith(("*", "`"))
        joined += _GAP + piece if touching else piece
    return joined
