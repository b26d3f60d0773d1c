"""/subscribe and /unsubscribe: what a chat follows."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..errors import CommandError, SourceError, UnreadablePage
from ..exploring import Explored
from ..languages import N_, _, ngettext, retold
from ..model import Offer, Snapshot
from ..ports import Answer, Button
from ..richtext import RichText, join
from ..store import chats, offers, quotas, reviewing, subscriptions
from ..store.catching_up import catch_up
from ..store.chats import Chat
from ..store.listing import Listed
from ..store.subscriptions import Subscribed, Watched
from ..urls import canonical_url
from .filtering import checked_filter
from .pressing import after_unsubscribing, shortened
from .replies import entries, named
from .targets import one_or_ask, split_target
from .turn import Turn

_OFFER = re.compile(r"offer-(\d{1,18})")
_MOST_OFFERED = 8
_OFFERED = {"feed": N_("Feed"), "live": N_("Live page"), "data": N_("Data"), "platform": N_("Live blog")}
NOT_LOOKED_AT = N_("That page could not be looked at just now. Please send it again.")


_EXAMPLE = "/subscribe https://…"


async def page_of(turn: Turn) -> tuple[str, str]:
    """Return the canonical address and the filter that were typed after /subscribe. Raises CommandError."""
    url, _space, filter_text = turn.arguments.partition(" ")
    if not url:
        raise CommandError(_("Which page? Send /subscribe and its address: {example}").format(example=_EXAMPLE))
    address, offered_filter = await address_of(turn, url)
    return address, offered_filter or filter_text.strip()


async def address_of(turn: Turn, typed: str) -> tuple[str, str]:
    """Return the address that was typed or pressed, and the filter of what was pressed. Raises CommandError."""
    pressed = _OFFER.fullmatch(typed)
    if pressed is None:
        return canonical_url(typed), ""
    offered = await offers.find(turn.connection, turn.command.address, int(pressed[1]))
    if offered is None:
        raise CommandError(_("That offer is too old. Send the address of the page again."))
    return offered.url, offered.filter


async def subscribe(turn: Turn) -> RichText | Answer:
    """Follow a page, or say why not; a page that is none itself and names others offers each with one press."""
    if not turn.arguments:
        return Answer(RichText(_("Which page shall I follow here? I need its address.")), asks="subscribe")
    url, filter_text = await page_of(turn)
    checked_filter(turn, filter_text)
    if missing := turn.command.missing_rights:
        lacking = _(
            "I cannot post here: I lack {rights}. Give me that in the settings of this channel, then send /subscribe "
            "again."
        )
        raise CommandError(lacking.format(rights=", ".join(missing)))
    if isinstance(turn.probed, UnreadablePage) and turn.probed.offers:
        return await _offer(turn, turn.probed.offers, filter_text)
    known = await subscriptions.watched(turn.connection, url)
    refuse_taken_down(known)
    found = _found(turn, known)
    if found is not None and found.url != url:
        url = found.url
        refuse_taken_down(await subscriptions.watched(turn.connection, url))
    followed = await turn.followed()
    already = next((each for each in followed if each.url == url and not each.review_only), None)
    if already is None and len(followed) >= turn.limits.subscriptions:
        full = ngettext(
            "This chat follows {count} page, as many as it may. /unsubscribe from it first.",
            "This chat follows {count} pages, as many as it may. /unsubscribe from one first.",
            len(followed),
        )
        raise CommandError(full.format(count=len(followed)))
    if already is None:
        await _refuse_too_many(turn, url)
    chat = await turn.chat()
    if already is not None:
        said = await _already(turn, already, filter_text)
    else:
        said = await _subscribe(turn, chat, url, filter_text, found)
    await chats.release(turn.connection, turn.command.address, turn.now)
    return said


async def _refuse_too_many(turn: Turn, url: str) -> None:
    """Raise CommandError where the server, the person or the whole installation follows as much as it may."""
    command, limits = turn.command, turn.limits
    if command.server:
        count = await quotas.of_server(turn.connection, command.address, command.server)
        if count >= limits.server_subscriptions:
            full = ngettext(
                "This server follows {count} page, as many as it may. /unsubscribe from it first.",
                "This server follows {count} pages, as many as it may. /unsubscribe from one first.",
                count,
            )
            raise CommandError(full.format(count=count))
    if command.user.id not in ("", command.address.chat):
        count = await quotas.of_user(turn.connection, command.address, command.user.id)
        if count >= limits.user_subscriptions:
            full = ngettext(
                "You follow {count} page in all chats, as many as you may. /unsubscribe from it first.",
                "You follow {count} pages in all chats, as many as you may. /unsubscribe from one first.",
                count,
            )
            raise CommandError(full.format(count=count))
    known = await quotas.is_watched(turn.connection, url)
    if not known and await quotas.watched(turn.connection) >= limits.sources:
        full = _("This bot watches as many pages as it may. Follow one that is followed already, or ask its owner.")
        raise CommandError(full)


def refuse_taken_down(known: Watched | None) -> None:
    """Raise CommandError for a page that the operator took down."""
    if known is not None and known.taken_down:
        raise CommandError(_("Whoever runs this bot has taken that page down; it cannot be followed here."))


async def _offer(turn: Turn, found: Sequence[Offer], filter_text: str) -> Answer:
    """Name what may be followed instead, each with a button."""
    chat = await turn.chat()
    lines = [RichText(_("That is no live page, but it names what can be followed:"))]
    buttons = []
    for number, each in enumerate(found[:_MOST_OFFERED], start=1):
        kind, name = _(_OFFERED[each.kind]), each.name or each.url
        offered = await offers.make(turn.connection, chat.id, each.url, filter_text, turn.now)
        lines.append(RichText(f"{number}. {kind}: ") + RichText(name).marked("link", each.url))
        buttons.append((Button(shortened(f"{number}. {kind}: {name}"), f"subscribe offer-{offered}"),))
    return Answer(join("\n", lines), tuple(buttons))


def _found(turn: Turn, known: Watched | None) -> Explored | None:
    """Return what a look at the page brought; None where none was needed. Raises CommandError where it failed."""
    if isinstance(turn.probed, SourceError):
        raise CommandError(retold(str(turn.probed)))
    if turn.probed is None and (known is None or not known.polled):
        raise CommandError(_(NOT_LOOKED_AT))
    return turn.probed


async def _already(turn: Turn, already: Listed, filter_text: str) -> RichText:
    page = named([already])
    if not already.watched:
        await subscriptions.look_again(turn.connection, already.source_id, turn.now)
    if not filter_text:
        told = _("This chat follows {page} already, as number {number}.")
        return RichText.filled(told, page=page, number=str(already.number))
    await subscriptions.set_filter(turn.connection, already.id, filter_text)
    told = _("This chat follows {page} already. From now on its filter is: {filter}")
    return RichText.filled(told, page=page, filter=filter_text)


async def _subscribe(turn: Turn, chat: Chat, url: str, filter_text: str, explored: Explored | None) -> RichText:
    found = explored.snapshot if explored else None
    made = await subscriptions.subscribe(
        turn.connection,
        chat_id=chat.id,
        url=url,
        asked=explored.asked if explored else None,
        title=(found.title or "") if found else "",
        name=found.source_name if found else "",
        filter_text=filter_text,
        created_by=turn.command.user.id,
        now=turn.now,
    )
    await catch_up(turn.connection, made.id, turn.now)
    welcome = _welcome(next(each for each in await turn.followed() if each.id == made.id), made, found)
    return join("\n", [welcome, *map(retold, turn.command.rights_notes)])


def _welcome(listed: Listed, made: Subscribed, found: Snapshot | None) -> RichText:
    publisher = f" ({listed.publisher})" if listed.publisher else ""
    following = _("Following {page} again, as number {number}.")
    if made.made != "revived":
        following = _("Following {page}, as number {number}.")
    page = named([listed]).marked("bold") + publisher
    lines = [join(" ", (RichText.filled(following, page=page, number=str(made.number)), _there(found)))]
    if (found.status if found else listed.status) == "ended":
        lines.append(RichText(_("The coverage has ended; you get the summary and the newest entries now.")))
    else:
        coming = _("You get the summary and the newest entries now, and then each new one as it comes.")
        lines.append(RichText(coming))
    if listed.filter:
        lines.append(RichText(_("Filter: {filter}").format(filter=listed.filter)))
    return join("\n", lines)


def _there(found: Snapshot | None) -> str:
    """Say how much stands on a page that was looked at."""
    if found is None:
        return ""
    count = len(found.entries)
    there = ngettext("There are {entries} on it now.", "There are {entries} on it now.", count)
    return there.format(entries=entries(count))


async def unsubscribe(turn: Turn) -> Answer:
    """Stop following; what was posted stays as it stands."""
    followed = await turn.followed()
    chosen, rest = split_target(followed, turn.arguments)
    if rest:
        unclear = _("“{typed}” is neither a number from /list nor an address. Say for example {example}.")
        raise CommandError(unclear.format(typed=rest, example="/unsubscribe 1"))
    chosen = chosen or one_or_ask(followed, "unsubscribe")
    for each in chosen:
        if each.review_only:
            other = _("It is decided here what other chats get of {page}; /review off there ends it.")
            raise CommandError(other.format(page=named([each]).text))
        await subscriptions.unsubscribe(turn.connection, each.id, turn.now)
        await reviewing.left(turn.connection, each.id, turn.now)
    left = _("No longer following {pages}. What was posted here stays, but is not updated any more.")
    return Answer(RichText.filled(left, pages=named(chosen)), after_unsubscribing(chosen))
