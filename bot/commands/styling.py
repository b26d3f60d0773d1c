"""/style: how entries look, shown on a real one before it is kept."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from ..compose import compose
from ..errors import CommandError
from ..languages import N_, _
from ..message import Message
from ..model import Entry, SourceTitle, Style
from ..ports import Answer, Button
from ..richtext import RichText, join
from ..store import listing, subscriptions
from ..store.listing import Listed
from ..styles import changed, described, to_json
from .pressing import buttons, typing
from .replies import listed, named
from .targets import NOTHING_FOLLOWED, one_or_ask, split_target
from .turn import Turn

KEEP = "keep"
# A style is shown on one of so many newest entries: the first with a picture and an author, as most of it shows there.
_LOOKED_THROUGH = 20
_MENU = (
    ((N_("Headline"), "headline"), (N_("Summary"), "summary"), (N_("Full"), "full")),
    ((N_("No pictures"), "images off"), (N_("First picture"), "images first"), (N_("All pictures"), "images all")),
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
    first, _space, token = typed.partition(" ")
    if first.lower() == KEEP:
        return await _keep(turn, chosen, token.strip())
    return await _try(turn, chosen, typed)


def _styles(followed: Sequence[Listed]) -> Answer:
    if not followed:
        raise CommandError(_(NOTHING_FOLLOWED))
    lines = (listed(each, described(each.styled)) for each in followed)
    hint = _("Try another with {detail}, {settings} or {template}.").format(
        detail="/style headline", settings="/style images off silent on", template="/style template {headline} {link}"
    )
    said = join("\n", [*lines, hint])
    return Answer(said, _menu(followed[0]) if len(followed) == 1 else ())


def _menu(page: Listed) -> tuple[tuple[Button, ...], ...]:
    """Offer what is not so now."""
    now, number = page.styled, page.number
    rows = [
        [(_(label), typed) for label, typed in row if typed not in (now.detail, f"images {now.images}")]
        for row in _MENU
    ]
    rows.append([_switch(now, name) for name in _SWITCHES])
    pressed = (row for each in rows for row in buttons(*((label, f"style {number} {typed}") for label, typed in each)))
    return (*pressed, *typing(_("Write a template…"), f"style {number} template", now.template))


_SWITCHES = {
    "author": (N_("Author on"), N_("Author off")),
    "time": (N_("Time on"), N_("Time off")),
    "label": (N_("Label on"), N_("Label off")),
    "silent": (N_("Silent on"), N_("Silent off")),
}


def _switch(now: Style, name: str) -> tuple[str, str]:
    on, off = _SWITCHES[name]
    return (_(off), f"{name} off") if getattr(now, name) else (_(on), f"{name} on")


async def _try(turn: Turn, chosen: Sequence[Listed], typed: str) -> Answer:
    """Remember a change, show a real entry with it, and ask whether to keep it."""
    token = _token(typed)
    for each in chosen:
        changed(each.styled, typed)
        await subscriptions.set_draft(turn.connection, each.id, typed)
    first = chosen[0]
    shown = await _shown(turn, first, changed(first.styled, typed))
    target = "all" if len(chosen) > 1 else str(first.number)
    described_now = _("New style: {style}").format(style=described(changed(first.styled, typed)))
    ask = _("Keep it? It is for what is sent, or edited, from now on.")
    said = join("\n\n", [described_now, shown, ask])
    return Answer(said, buttons((_("Keep"), f"style {target} {KEEP} {token}"), (_("Back"), f"style {target}")))


async def _keep(turn: Turn, chosen: Sequence[Listed], token: str) -> Answer:
    """Set what was tried last, if it is what the button was shown with."""
    kept = [each for each in chosen if each.style_draft and token in ("", _token(each.style_draft))]
    if not kept:
        raise CommandError(
            _("That style is no longer the one that was tried last. Send /style and what you want again.")
        )
    for each in kept:
        await subscriptions.set_style(turn.connection, each.id, to_json(changed(each.styled, each.style_draft)))
    lines = (named([each]) + f": {described(changed(each.styled, each.style_draft))}" for each in kept)
    return Answer(join("\n", [RichText(_("Kept. From now on entries look like this:")), *lines]))


def _token(typed: str) -> str:
    """Return what names a change in a button, which has no room for a template."""
    return hashlib.sha256(typed.encode()).hexdigest()[:8]


async def _shown(turn: Turn, page: Listed, wanted: Style) -> RichText:
    newest = [entry for _source, entry in await listing.latest(turn.connection, [page.source_id], _LOOKED_THROUGH)]
    if not newest:
        return RichText(_("There is no entry yet to show it on."))
    entry = max(newest, key=lambda each: (bool(each.images), bool(each.authors)))
    return drawn(_composed(turn, page, entry, wanted, await turn.zone()))


def _composed(turn: Turn, page: Listed, entry: Entry, wanted: Style, zone: ZoneInfo) -> Message:
    source = SourceTitle(page.publisher, page.title, page.url)
    return compose(entry, source=source, style=replace(wanted, summary_length=turn.limits.summary_length), zone=zone)


def drawn(message: Message) -> RichText:
    """Return a message as an answer can show it, without pictures: they are told."""
    mark = " · ".join(filter(None, (_("🔴 BREAKING") * message.breaking, message.label)))
    pictures = [f"🖼 {image.caption or image.alt or _('a picture')}" for image in message.images]
    source = RichText(message.source_name).marked("link", message.link)
    byline = join(" · ", (message.time_text, message.author, source))
    head = join("\n", (mark, RichText(message.headline).marked("bold")))
    return join("\n\n", (head, message.body, join("\n", (*pictures, *message.footnotes, byline))))
