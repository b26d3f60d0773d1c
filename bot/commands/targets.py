"""Which subscription a command means: its number from /list, its address, or all. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from ..errors import CommandError
from ..languages import N_, _
from ..store.listing import Listed
from ..urls import canonical_url
from .numbers import whole_number
from .replies import left_out

NOTHING_FOLLOWED = N_("This chat follows nothing yet. Send /subscribe and the address of a live page.")
_MOST_NAMED = 20


def split_target(followed: Sequence[Listed], typed: str) -> tuple[list[Listed], str]:
    """Return the subscriptions named at the beginning of what was typed (none if none are), and the rest of it.

    Raises CommandError for an address or, where the chat follows several pages, a number that is not followed.
    """
    first, _space, rest = typed.partition(" ")
    if first.lower() == "all":
        return list(followed), rest.strip()
    number = first.removeprefix("#").removesuffix(".")
    if (meant := whole_number(number)) is not None:
        named = [each for each in followed if each.number == meant]
        if named:
            return named, rest.strip()
        if len(followed) != 1:
            unknown = _("This chat follows nothing under number {number}. /list shows the numbers.")
            raise CommandError(unknown.format(number=number))
    if "://" in first:
        url = canonical_url(first)
        named = [each for each in followed if each.url == url]
        if not named:
            raise CommandError(_("This chat does not follow that page. /list shows what it follows."))
        return named, rest.strip()
    return [], typed


def one_or_ask(followed: Sequence[Listed], name: str, rest: str = "") -> list[Listed]:
    """Return the only subscription of a chat that named none. Raises CommandError that asks where there are several."""
    if not followed:
        raise CommandError(_(NOTHING_FOLLOWED))
    if len(followed) == 1:
        return list(followed)
    example = " ".join(filter(None, (f"/{name}", str(followed[0].number), rest)))
    names = [f"{each.number}. {each.title or each.url}" for each in followed[:_MOST_NAMED]]
    more = [left_out(len(followed) - _MOST_NAMED)] if len(followed) > _MOST_NAMED else []
    asked = _("Which one? Send its number too, for example {example}, or {all}.").format(example=example, all="all")
    raise CommandError("\n".join([asked, *names, *more]))


def nothing_left(typed: str, name: str) -> None:
    """Raise CommandError if something was typed that the command does not understand."""
    if typed:
        not_understood = _("/{command} does not understand “{typed}”. /help shows how it is used.")
        raise CommandError(not_understood.format(command=name, typed=typed))
