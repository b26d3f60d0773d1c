"""/style: how entries look, shown on a real one before it is kept."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from ..compose import compose
from ..errors import CommandError
from ..message import Message
from ..model import Entry, SourceTitle, Style
from ..ports import Answer, Button
from ..richtext import RichText, join
from ..store import listing, subscriptions
from ..store.listing import Listed
from ..styles import changed, described, to_json
from .pressing import buttons
from .replies import named
from .targets import NOTHING_FOLLOWED, one_or_ask, split_target
from .turn import Turn

KEEP = "keep"
# A style is shown on one of so many newest entries: the first with a picture and an author, as most of it shows there.
_LOOKED_THROUGH = 20
_MENU = (
    (("Headline", "headline"), ("Summary", "summary"), ("Full", "full")),
    (("No pictures", "images off"), ("First picture", "images first"), ("All pictures", "images all")),
)


async def style(turn: Turn) -> RichText | Answer:
    """Show how entries look, try another look on a real entry, or (keep) set what was tried."""
    followed = await turn.followed()
    chosen, typed = split_target(followed, turn.arguments)
    if not chosen and not typed:
        return _styles(followed)
    if typed:
        turn.for_admins()
    chosen = chosen or one_or_ask(followed, "style", typed)
    if not typed:
        return _styles(chosen)
    first, _, token = typed.partition(" ")
    if first.lower() == KEEP:
        return await _keep(turn, chosen, token.strip())
    return await _try(turn, chosen, typed)


def _styles(followed: Sequence[Listed]) -> Answer:
    if not followed:
        raise CommandError(NOTHING_FOLLOWED)
    lines = (RichText(f"{each.number}. ") + named([each]) + f": {described(each.styled)}" for each in followed)
    hint = "Try another with /style headline, /style images off silent on or /style template {headline} {link}."
    said = join("\n", [*lines, hint])
    return Answer(said, _menu(followed[0]) if len(followed) == 1 else ())


def _menu(listed: Listed) -> tuple[tuple[Button, ...], ...]:
    """Offer what is not so now."""
    now, number = listed.styled, listed.number
    rows = [
        [(label, typed) for label, typed in row if typed not in (now.detail, f"images {now.images}")] for row in _MENU
    ]
    rows.append([(f"{name.capitalize()} {_other(now, name)}", f"{name} {_other(now, name)}") for name in _SWITCHES])
    return tuple(
        row for each in rows for row in buttons(*((label, f"style {number} {typed}") for label, typed in each))
    )


_SWITCHES = ("author", "time", "label", "silent")


def _other(now: Style, name: str) -> str:
    return "off" if getattr(now, name) else "on"


async def _try(turn: Turn, chosen: Sequence[Listed], typed: str) -> Answer:
    """Remember a change, show a real entry with it, and ask whether to keep it."""
    token = _token(typed)
    for each in chosen:
        changed(each.styled, typed)
        await subscriptions.set_draft(turn.connection, each.id, typed)
    first = chosen[0]
    shown = await _shown(turn, first, changed(first.styled, typed))
    target = "all" if len(chosen) > 1 else str(first.number)
    described_now = f"New style: {described(changed(first.styled, typed))}"
    ask = "Keep it? It is for what is sent, or edited, from now on."
    said = join("\n\n", [described_now, shown, ask])
    return Answer(said, buttons(("Keep", f"style {target} {KEEP} {token}"), ("Back", f"style {target}")))


async def _keep(turn: Turn, chosen: Sequence[Listed], token: str) -> Answer:
    """Set what was tried last, if it is what the button was shown with."""
    kept = [each for each in chosen if each.style_draft and token in ("", _token(each.style_draft))]
    if not kept:
        raise CommandError("That style is no longer the one that was tried last. Send /style and what you want again.")
    for each in kept:
        await subscriptions.set_style(turn.connection, each.id, to_json(changed(each.styled, each.style_draft)))
    lines = (named([each]) + f": {described(changed(each.styled, each.style_draft))}" for each in kept)
    return Answer(join("\n", [RichText("Kept. From now on entries look like this:"), *lines]))


def _token(typed: str) -> str:
    """Return what names a change in a button, which has no room for a template."""
    return hashlib.sha256(typed.encode()).hexdigest()[:8]


async def _shown(turn: Turn, listed: Listed, wanted: Style) -> RichText:
    newest = [entry for _, entry in await listing.latest(turn.connection, [listed.source_id], _LOOKED_THROUGH)]
    if not newest:
        return RichText("There is no entry yet to show it on.")
    entry = max(newest, key=lambda each: (bool(each.images), bool(each.authors)))
    return drawn(_composed(turn, listed, entry, wanted, await turn.zone()))


def _composed(turn: Turn, listed: Listed, entry: Entry, wanted: Style, zone: ZoneInfo) -> Message:
    source = SourceTitle(listed.publisher, listed.title, listed.url)
    return compose(entry, source=source, style=replace(wanted, summary_length=turn.limits.summary_length), zone=zone)


def drawn(message: Message) -> RichText:
    """Return a message as an answer can show it, without pictures: they are told."""
    mark = " · ".join(filter(None, ("🔴 BREAKING" * message.breaking, message.label)))
    pictures = [f"🖼 {image.caption or image.alt or 'a picture'}" for image in message.images]
    source = RichText(message.source_name).marked("link", message.link)
    byline = join(" · ", (message.time_text, message.author, source))
    head = join("\n", (mark, RichText(message.headline).marked("bold")))
    return join("\n\n", (head, message.body, join("\n", (*pictures, *message.footnotes, byline))))
