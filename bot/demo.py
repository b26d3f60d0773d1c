"""`liverelay demo`: the main job in a minute, without any token.

The real program, as a process of its own, relays the sandbox's live page into two chats of the local stand-ins; the
newsroom plays its script; here one sees what a person in each chat sees.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.live import Live

from sandbox.page import LivePage
from sandbox.platform import ChatView, StandIn
from sandbox.script import prepare
from sandbox.server import Sandbox

from .showing import Stage, Watched

ADMIN = "42"
# Half the real pace of looking, and withdrawals believed after seconds instead of a minute: it is only a demo.
_SETTINGS = {
    "ACCESS__OPEN": "true",
    "FETCH__ALLOW_PRIVATE": "true",
    "POLL__MIN_INTERVAL": "0.5",
    "POLL__MAX_INTERVAL": "1",
    "POLL__REMOVAL_AFTER": "2",
    "LOG__LEVEL": "warning",
    "LOG__FORMAT": "text",
    "TELEGRAM__TOKEN": "123456789:demo",
    "DISCORD__TOKEN": "demo",
}
_FRAME = 0.25


class DemoFailed(Exception):
    """The program did not do its job; the text is what it logged."""


@dataclass(frozen=True, slots=True)
class Chat:
    """A chat of the demo: where it is, and what a person calls it."""

    platform: StandIn
    name: str
    chat: str
    thread: str

    def view(self) -> ChatView:
        """Return what a person in it sees."""
        return next(view for view in self.platform.chats() if (view.chat, view.thread) == (self.chat, self.thread))


def show() -> int:
    """Play the demo and return the exit code."""
    console = Console()
    try:
        return asyncio.run(_play(console))
    except DemoFailed as error:
        print(f"The demo failed: {error}", file=sys.stderr)
        return 1


async def _play(console: Console) -> int:
    async with Sandbox() as sandbox:
        prepare(sandbox.page)
        chats = [_chat(sandbox.telegram, "Telegram", "supergroup"), _chat(sandbox.discord, "Discord", "text")]
        console.print("[bold]LiveRelay[/] mirrors a live page into two chats. Nothing here leaves this machine.\n")
        async with _program(sandbox) as program:
            await _subscribe(chats, sandbox.page_url, program)
            stage = Stage([chat.name for chat in chats], sandbox.page)
            sandbox.play("live", "play", 1.0)
            await _watch(console, stage, chats, sandbox.page, program)
        console.print(stage.closing())
    return 0 if stage.equal else 1


def _chat(platform: StandIn, name: str, kind: str) -> Chat:
    return Chat(platform, name, *platform.create_chat(kind, "Port Ferrow news", [ADMIN], ["all"]))


@contextlib.asynccontextmanager
async def _program(sandbox: Sandbox) -> AsyncIterator[asyncio.subprocess.Process]:
    """`liverelay run` against the sandbox, with a database that goes with it."""
    with tempfile.TemporaryDirectory(prefix="liverelay-demo-") as folder:
        settings = _SETTINGS | {
            "DATABASE__URL": f"sqlite:///{Path(folder) / 'demo.db'}",
            "TELEGRAM__API_URL": sandbox.telegram_url,
            "DISCORD__API_URL": sandbox.discord_url,
            "DISCORD__GATEWAY_URL": sandbox.gateway_url,
        }
        ours = {f"LIVERELAY_{name}": value for name, value in settings.items()}
        others = {name: value for name, value in os.environ.items() if not name.startswith("LIVERELAY_")}
        with (Path(folder) / "log").open("w+b") as log:
            program = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", "run", env=others | ours, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
            try:
                yield program
            except DemoFailed:
                log.seek(0)
                raise DemoFailed(log.read().decode(errors="replace").strip() or "it logged nothing") from None
            finally:
                if program.returncode is None:
                    program.terminate()
                await program.wait()


async def _subscribe(chats: list[Chat], url: str, program: asyncio.subprocess.Process) -> None:
    """Type /subscribe in every chat, as an admin would."""
    typing = asyncio.create_task(_type_everywhere(chats, f"/subscribe {url}"))
    died = asyncio.create_task(program.wait())
    await asyncio.wait([typing, died], return_when=asyncio.FIRST_COMPLETED)
    if not typing.done() or not all(typing.result()):
        typing.cancel()
        raise DemoFailed
    died.cancel()


async def _type_everywhere(chats: list[Chat], text: str) -> list[list[str]]:
    return await asyncio.gather(*(chat.platform.command(chat.chat, chat.thread, ADMIN, text) for chat in chats))


async def _watch(
    console: Console, stage: Stage, chats: list[Chat], page: LivePage, program: asyncio.subprocess.Process
) -> None:
    """Show the chats until coverage has ended and both show what the page says."""
    screen = Live(console=console, auto_refresh=False, transient=False) if console.is_terminal else None
    with screen or contextlib.nullcontext():
        async for watched in _frames(chats):
            news = stage.see(watched)
            if screen:
                screen.update(stage.picture(console.width, console.height - 1), refresh=True)
            else:
                for line in news:
                    console.print(line, soft_wrap=True)
            if program.returncode is not None:
                raise DemoFailed
            if stage.over(page):
                return


async def _frames(chats: list[Chat]) -> AsyncIterator[list[Watched]]:
    """What the chats show, a few times a second, for as long as the script and its echo can last."""
    for _ in range(int(75 / _FRAME)):
        yield [Watched.of(chat.view()) for chat in chats]
        await asyncio.sleep(_FRAME)
