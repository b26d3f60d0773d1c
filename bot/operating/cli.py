"""The operator's commands. They work while `liverelay run` runs, on the same database.

What a command needs is imported when it is given.
"""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from cyclopts import App, Parameter

from ..configured import Config, load_settings

if TYPE_CHECKING:
    from datetime import datetime

    from ..store.engine import Database

Json = Annotated[bool, Parameter(negative="", help="Print one JSON object a line.")]
Limit = Annotated[int, Parameter(help="At most so many lines.")]
Chat = Annotated[str, Parameter(help="Only of this chat or channel: its id on its platform.")]
Yes = Annotated[bool, Parameter(negative="", help="Do it without asking.")]


def register(app: App) -> None:
    """Give the command line these commands."""
    looking = (sources, chats, subscriptions, deliveries, explain, doctor)
    for command in (*looking, replay, takedown, pause, resume, export):
        app.command(command)
    app.command(import_, name="import")


def sources(
    *,
    failing: Annotated[bool, Parameter(negative="", help="Only those that cannot be read, or hold back.")] = False,
    json: Json = False,
    limit: Limit = 200,
    config: Config = None,
) -> None:
    """List the pages that are watched, and how each is doing."""
    from ..store.overview import source_lines

    _list(config, lambda connection: source_lines(connection, failing=failing, limit=limit), json, "No source.")


def chats(
    *,
    held: Annotated[bool, Parameter(negative="", help="Only those that the bot cannot post in.")] = False,
    json: Json = False,
    limit: Limit = 200,
    config: Config = None,
) -> None:
    """List the chats and channels that are served."""
    from ..store.overview import chat_lines

    _list(config, lambda connection: chat_lines(connection, held=held, limit=limit), json, "No chat.")


def subscriptions(*, chat: Chat = "", json: Json = False, limit: Limit = 200, config: Config = None) -> None:
    """List who follows what."""
    from ..store.overview import subscription_lines

    _list(config, lambda connection: subscription_lines(connection, where=chat, limit=limit), json, "No subscription.")


def deliveries(
    *,
    dead: Annotated[bool, Parameter(negative="", help="Those that were given up.")] = False,
    state: Annotated[
        Literal["due", "claimed", "settled", "unsure", "dead", "gone", "told", "ended"] | None,
        Parameter(help="Those in this state; default: what is owed and what was given up."),
    ] = None,
    chat: Chat = "",
    json: Json = False,
    limit: Limit = 200,
    config: Config = None,
) -> None:
    """List what is owed to chats, and what was given up and why."""
    from ..store.overview import delivery_lines

    states = ("dead",) if dead else (state,) if state else ("due", "claimed", "dead", "unsure")
    _list(
        config,
        lambda connection: delivery_lines(connection, states=states, where=chat, limit=limit),
        json,
        "No delivery.",
    )


def replay(*ids: int, config: Config = None) -> None:
    """Try again what was given up.

    Parameters
    ----------
    ids
        Deliveries, by their id in `liverelay deliveries`; default: all dead ones. An unsure one may stand in its chat
        already and is sent again only if it is named.
    """
    from ..store.replaying import replay as replay_deliveries

    async def again(database: Database) -> str:
        async with database.write() as connection:
            count = await replay_deliveries(connection, ids, _now())
        return f"{count} to be sent again." if count else "Nothing to be sent again."

    print(_done(config, again))


def takedown(url: str, /, *, yes: Yes = False, config: Config = None) -> int:
    """Take an entry, or a whole page, out of every chat and never show it again.

    Parameters
    ----------
    url
        The entry's address, as its messages link to it, or the page's.
    """
    from ..errors import UsageError
    from .taking_down import take_down

    if not (yes or _confirmed(f"Take {url} out of every chat, for good? [y/N] ")):
        raise UsageError("Nothing was taken down; --yes does it without asking.")
    print(_done(config, lambda database: take_down(database, url, _now())))
    return 0


def pause(*, config: Config = None) -> None:
    """Hold new entries in every chat; corrections and withdrawals go on."""
    from ..store.halting import pause_all

    async def halt(database: Database) -> str:
        async with database.write() as connection:
            new = await pause_all(connection, _now())
        return "Everything is paused until `liverelay resume`." if new else "Everything was paused already."

    print(_done(config, halt))


def resume(*, config: Config = None) -> None:
    """Send new entries again after `liverelay pause`."""
    from ..store.halting import resume_all

    async def go_on(database: Database) -> str:
        async with database.write() as connection:
            since = await resume_all(connection, _now())
        return f"Going on; it was paused since {since:%Y-%m-%d %H:%M} UTC." if since else "Nothing was paused."

    print(_done(config, go_on))


def explain(
    url: str = "",
    /,
    *,
    message: Annotated[str, Parameter(help="The link of a message that tells the entry.")] = "",
    chat: Annotated[str, Parameter(help="Only in this chat: [platform:]id[/thread].")] = "",
    config: Config = None,
) -> None:
    """Say why an entry did, or did not, arrive: every stage, in every chat that follows its page. Times are UTC.

    Parameters
    ----------
    url
        The entry's address, or its page's for the newest.
    """
    from .explaining import explain as explained

    print(_done(config, lambda database: explained(database, url=url, message=message, where=chat, now=_now())))


def doctor(*, config: Config = None) -> int:
    """Look at everything that may be wrong: settings, tokens, platforms, disk, clock, database. It changes nothing."""
    from ..configured import settings_file
    from ..settings import secret_files
    from .doctor import examine, shown

    settings, secrets = load_settings(config, logging=False), tuple(secret_files(os.environ))
    width = shutil.get_terminal_size().columns

    async def look() -> bool:
        failed = False
        async for finding in examine(settings, settings_file(config), _now(), secret_files=secrets):
            print(shown(finding, width), flush=True)
            failed = failed or finding.level == "fail"
        return failed

    return int(asyncio.run(look()))


def export(
    file: Path | None = None,
    /,
    *,
    opml: Annotated[bool, Parameter(negative="", help="Only the pages, as OPML for feed readers.")] = False,
    config: Config = None,
) -> None:
    """Write what people chose into a file: chats, subscriptions, settings, access. No tokens, no messages.

    Parameters
    ----------
    file
        Where it goes; a file that is there already is not overwritten. Default: printed.
    """
    from .carrying import export as exported
    from .carrying import write

    write(_done(config, lambda database: exported(database, as_opml=opml, now=_now())), file)


def import_(
    file: Path,
    /,
    *,
    chat: Annotated[str, Parameter(help="The chat that is to follow the pages of an OPML file.")] = "",
    check: Annotated[bool, Parameter(negative="", help="Only say what it would bring in.")] = False,
    config: Config = None,
) -> None:
    """Bring in what `liverelay export` wrote, or the feeds of an OPML file for one chat; all of it or nothing.

    Parameters
    ----------
    file
        A file that `export` or a feed reader wrote.
    """
    from .carrying import content_of
    from .carrying import import_ as brought

    content = content_of(file)
    print(_done(config, lambda database: brought(database, content, where=chat, only_check=check, now=_now())))


def _list(config: Config, lines: Callable[[Any], Awaitable[list[Any]]], json: bool, none: str) -> None:  # noqa: FBT001
    from .printing import print_lines

    async def looked(database: Database) -> list[Any]:
        async with database.read() as connection:
            return await lines(connection)

    print_lines(_done(config, looked), as_json=json, none=none)


def _done(config: Config, work: Callable[[Database], Awaitable[Any]]) -> Any:
    from .beside import opened

    settings = load_settings(config, logging=False)

    async def do() -> Any:
        async with opened(settings) as database:
            return await work(database)

    return asyncio.run(do())


def _confirmed(question: str) -> bool:
    try:
        return input(question).strip().lower() in {"y", "yes"}
    except EOFError:
        return False


def _now() -> datetime:
    from ..clock import SystemClock

    return SystemClock().now()
