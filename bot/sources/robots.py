"""robots.txt as RFC 9309 reads it; pure.

The standard library's parser knows neither wildcards nor that the longest match decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from string import ascii_letters, digits
from urllib.parse import quote

AGENT = "liverelay"
MOST_BYTES = 500 * 1024
"""As much of a robots.txt as must be read (RFC 9309, 2.5); what follows is ignored."""
_UNRESERVED = frozenset(ascii_letters + digits + "-._~")
_PRINTABLE = "".join(map(chr, range(0x21, 0x7F)))


@dataclass(frozen=True, slots=True)
class Rule:
    """An Allow or Disallow line; its pattern may hold "*", and end in "$"."""

    pattern: str
    allows: bool


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules that a site has for us."""

    rules: tuple[Rule, ...] = ()

    def allow(self, path: str) -> bool:
        """Whether we may ask for a path (with its query): the longest match decides, of two equal ones Allow."""
        wanted = _normal(path)
        if wanted == "/robots.txt":
            return True
        matching = (rule for rule in self.rules if matches(rule.pattern, wanted))
        decisive = max(matching, key=lambda rule: (len(rule.pattern), rule.allows), default=None)
        return decisive is None or decisive.allows


def parse(body: bytes, agent: str = AGENT) -> Rules:
    """Return the rules for an agent: those of all groups that name it, else those for everybody ("*")."""
    own: list[Rule] = []
    general: list[Rule] = []
    named = False
    for agents, rule in _ruled(_lines(body)):
        named = named or agent in agents
        if rule and agent in agents:
            own.append(rule)
        elif rule and "*" in agents:
            general.append(rule)
    return Rules(tuple(own if named else general))


def matches(pattern: str, path: str) -> bool:
    """Whether a pattern matches a path from its beginning; in time linear in both, whatever the number of "*"."""
    anchored = pattern.endswith("$")
    first, *others = pattern.removesuffix("$").split("*")
    if not path.startswith(first):
        return False
    if not others:
        return not anchored or path == first
    last = others.pop() if anchored else ""
    at = len(first)
    for piece in others:
        found = path.find(piece, at)
        if found < 0:
            return False
        at = found + len(piece)
    return path.endswith(last) and len(path) - len(last) >= at


def _lines(body: bytes) -> Iterator[tuple[str, str]]:
    """Yield the fields and values of the lines, without comments."""
    text = body[:MOST_BYTES].decode("utf-8-sig", errors="replace")
    for line in re.split(r"[\r\n]+", text):
        field, colon, value = line.partition("#")[0].partition(":")
        if colon:
            yield field.strip().lower(), value.strip()


def _ruled(lines: Iterable[tuple[str, str]]) -> Iterator[tuple[frozenset[str], Rule | None]]:
    """Yield each rule with the agents of its group, and None for each line that names an agent."""
    agents: frozenset[str] = frozenset()
    naming = False
    for field, value in lines:
        if field == "user-agent":
            agents = (agents if naming else frozenset()) | {_token(value)}
            naming = True
            yield agents, None
        elif field in ("allow", "disallow"):
            naming = False
            if value:
                yield agents, Rule(_normal(value), allows=field == "allow")


def _token(value: str) -> str:
    """Return the product token that a User-agent line names ("LiveRelay/1.0" names LiveRelay)."""
    found = re.match(r"\*|[A-Za-z_-]+", value)
    return found[0].lower() if found else ""


def _normal(path: str) -> str:
    """Return a path or pattern with every octet spelt one way, encoded only where it must be (RFC 9309, 2.2.2)."""
    return re.sub("%([0-9a-fA-F]{2})", _octet, quote(path, safe=_PRINTABLE))


def _octet(found: re.Match[str]) -> str:
    character = chr(int(found[1], 16))
    return character if character in _UNRESERVED else found[0].upper()
