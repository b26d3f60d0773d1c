"""`liverelay run` as a real process against the sandbox, and what a test asks of both."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sandbox.platform import ChatView, Fault, Shown, StandIn
from sandbox.server import Sandbox

# What the tests' newsroom writes; see `newsroom.Newsroom`.
_POST = re.compile(r"Post \d+: \w+")
_MIRRORED = re.compile(r"Post \d+: \w+|Point \d+|coverage has ended")

ADMIN = "42"
TELEGRAM_TOKEN = "123456789:AAEhBP0av28fSGGU9lcqQx0eJ5mHhJ1dZbw"
DISCORD_TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4.GdemoX.s3cr3t-demo-token-of-this-test"
FAST = {
    "ACCESS__OPEN": "true",
    "FETCH__ALLOW_PRIVATE": "true",
    "POLL__MIN_INTERVAL": "0.2",
    "POLL__MAX_INTERVAL": "0.4",
    "POLL__REMOVAL_AFTER": "0.3",
    "LOG__FORMAT": "json",
}


@dataclass
class Program:
    """One installation: its database and log survive its processes."""

    sandbox: Sandbox
    folder: Path
    settings: dict[str, str] = field(default_factory=dict)
    process: asyncio.subprocess.Process | None = None
    killed_at: list[float] = field(default_factory=list)

    @property
    def log(self) -> str:
        """Everything that was logged or printed so far."""
        return (self.folder / "log").read_text()

    def environment(self) -> dict[str, str]:
        """What the process is told: all platforms at the sandbox, and a database of the test's own."""
        chosen = {
            **FAST,
            "DATABASE__URL": f"sqlite:///{self.folder / 'data' / 'liverelay.db'}",
            "TELEGRAM__TOKEN": TELEGRAM_TOKEN,
            "TELEGRAM__API_URL": self.sandbox.telegram_url,
            "DISCORD__TOKEN": DISCORD_TOKEN,
            "DISCORD__API_URL": self.sandbox.discord_url,
            "DISCORD__GATEWAY_URL": self.sandbox.gateway_url,
            **self.settings,
        }
        others = {name: value for name, value in os.environ.items() if not name.startswith(("LIVERELAY_", "DATABASE_"))}
        return others | {f"LIVERELAY_{name}": value for name, value in chosen.items()}

    async def start(self, *arguments: str) -> None:
        """Start a process."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "log").open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "bot",
                "run",
                *arguments,
                env=self.environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    async def kill(self) -> None:
        """SIGKILL: nothing is told, nothing is finished."""
        assert self.process is not None
        self.process.kill()
        self.killed_at.append(time.time())
        await self.process.wait()

    async def end(self) -> None:
        """Kill it if it still runs."""
        if self.process is not None and self.process.returncode is None:
            await self.kill()

    async def stop(self) -> tuple[int, float]:
        """SIGTERM; return the exit code and how many seconds it took."""
        assert self.process is not None
        begun = time.monotonic()
        if self.process.returncode is None:
            self.process.send_signal(signal.SIGTERM)
        code = await self.process.wait()
        return code, time.monotonic() - begun

    async def ended(self, within: float = 20) -> int:
        """Wait for the process to end by itself."""
        assert self.process is not None
        async with asyncio.timeout(within):
            return await self.process.wait()


@dataclass(frozen=True)
class Place:
    """A chat of the sandbox."""

    sandbox: Sandbox
    platform: str
    chat: str
    thread: str = ""

    @property
    def stand_in(self) -> StandIn:
        """The platform it is on."""
        return self.sandbox.telegram if self.platform == "telegram" else self.sandbox.discord

    async def type(self, text: str, user: str = ADMIN) -> str:
        """Type a command and return what the bot answers."""
        return "\n".join(await self.stand_in.command(self.chat, self.thread, user, text))

    def fault(self, kind: str, **how: Any) -> None:
        """Let something go wrong with the next calls in this chat."""
        self.stand_in.fault(Fault(kind, chat=self.chat, **how))

    def view(self) -> ChatView:
        """What a person in the chat sees."""
        return next(view for view in self.stand_in.chats() if (view.chat, view.thread) == (self.chat, self.thread))

    def messages(self) -> list[Shown]:
        """The messages that mirror the page's posts ("Post 1: …"), its summary ("Point …") or its end."""
        return [message for message in self.view().messages if _MIRRORED.search(message.text)]

    def posts(self) -> list[str]:
        """The posts that the chat shows, as "Post 1: what it says", in order."""
        return [found[0] for message in self.messages() if (found := _POST.search(message.text))]


def make(sandbox: Sandbox, platform: str, kind: str) -> Place:
    """Make a chat whose admin is ADMIN."""
    stand_in: StandIn = sandbox.telegram if platform == "telegram" else sandbox.discord
    return Place(sandbox, platform, *stand_in.create_chat(kind, f"{platform} {kind}", [ADMIN], ["all"]))


async def until(sandbox: Sandbox, condition: Callable[[], bool], within: float = 40) -> None:
    """Wait, call by call, until the chats look as they should."""
    try:
        async with asyncio.timeout(within):
            while not condition():
                await sandbox.calls.more()
    except TimeoutError:
        assert condition(), "the chats never came to look as they should"
