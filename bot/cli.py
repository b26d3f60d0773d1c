"""The command line. Exit codes: 0 done; 1 something failed; 2 the arguments are wrong, or nothing can read the page.

What a command needs is imported when it is given: `--help` must not wait for a database library.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import App, CycloptsError, Parameter

from . import __version__
from .configured import Config, load_settings, settings_file
from .errors import LiveRelayError, UnreadablePage, UsageError
from .operating import cli as operating

if TYPE_CHECKING:
    from .exploring import Explored

app = App(
    name="liverelay",
    version=__version__,
    help="Mirror live coverage into Telegram chats and Discord channels.",
    version_flags=["--version"],
    result_action="return_value",
)
operating.register(app)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return the exit code; what went wrong is one sentence on stderr."""
    try:
        result = app(arguments, exit_on_error=False, print_error=False)
    except CycloptsError as error:
        return _fail(" ".join(str(error).split()), 2)
    except (UsageError, UnreadablePage) as error:
        return _fail(str(error), 2)
    except LiveRelayError as error:
        return _fail(str(error), 1)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Whoever read our output has enough of it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return result if isinstance(result, int) else 0


def _fail(sentence: str, code: int) -> int:
    print(sentence, file=sys.stderr)
    return code


Url = Annotated[str, Parameter(help="The page's address, where a file does not tell it.")]
At = Annotated[str, Parameter(help="When the page was fetched, ISO 8601; default: now.")]


@app.command
def run(*urls: str, config: Config = None) -> None:
    """Relay: everything in one process. Without tokens it relays the URLs to this terminal.

    Parameters
    ----------
    urls
        Live pages to relay to this terminal, too.
    """
    from .running import run as run_until_stopped

    asyncio.run(run_until_stopped(load_settings(config, logging=True), urls))


@app.command
def demo() -> int:
    """Show the main job in about a minute, without any token: a scripted page, two chats, one terminal."""
    from .demo import show

    return show()


@app.command
def read(
    page: str,
    /,
    *,
    url: Url = "",
    at: At = "",
    json: Annotated[bool, Parameter(negative="", help="Print one JSON object.")] = False,
    explain: Annotated[bool, Parameter(negative="", help="Say where it can be read, and why there.")] = False,
) -> None:
    """Show what a reader makes of a live page.

    Parameters
    ----------
    page
        A file, or the address of a page.
    """
    from .telling import as_json, as_text, as_ways

    explored = _explored(page, url, at)
    if explain:
        # On the other stream, so that --json stays one JSON object.
        print(as_ways(explored.ways), file=sys.stderr if json else sys.stdout)
    print(as_json(explored.snapshot) if json else as_text(explored.snapshot))


@app.command
def preview(
    page: str,
    /,
    *,
    url: Url = "",
    at: At = "",
    platform: Annotated[Literal["telegram", "discord", "terminal"], Parameter(help="As which chat.")] = "terminal",
) -> None:
    """Show the messages that a live page would become, oldest first.

    Parameters
    ----------
    page
        A file, or the address of a page.
    """
    from .previewing import show

    show(_explored(page, url, at).snapshot, platform)


@app.command
def sandbox(*, port: Annotated[int, Parameter(help="The port on loopback; 0 takes a free one.")] = 8099) -> None:
    """Run local stand-ins of Telegram and Discord, and a live page, until stopped."""
    from sandbox.server import serve

    try:
        asyncio.run(serve(port))
    except OSError as error:
        raise LiveRelayError(f"The sandbox cannot listen on port {port}: {error.strerror}.") from error


@app.command
def backup(file: Path, /, *, config: Config = None) -> None:
    """Make a whole copy of the SQLite database, also while the program runs.

    Parameters
    ----------
    file
        Where the copy goes; a file that is there already is not overwritten.
    """
    from .store.backup import back_up

    back_up(load_settings(config, logging=False).database.url, file)


@app.command
def check(*, config: Config = None) -> None:
    """Read all settings, connect to nothing, and say what `run` would do and what is missing."""
    from .checking import report

    print("\n".join(report(load_settings(config, logging=False), settings_file(config))))


def _explored(page: str, url: str, at: str) -> Explored:
    from .looking import look

    return look(page, url, _moment(at), load_settings(None, logging=False))


def _moment(at: str) -> datetime:
    try:
        moment = datetime.fromisoformat(at) if at else datetime.now(UTC)
    except ValueError:
        raise UsageError(f"--at {at} is not a time: it should look like 2023-02-14T09:30:00+00:00.") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
