"""Listening for HTTP: what is served where, and the end of it; shared by everything that listens."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from .errors import SettingsError


@asynccontextmanager
async def served(application: web.Application, host: str, port: int, *, setting: str) -> AsyncIterator[int]:
    """Serve inside the block, and tell the port (port 0 takes a free one).

    Raises SettingsError, which names `setting`, where the port is not to be had.
    """
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    try:
        yield await _listened(runner, host, port, setting)
    finally:
        await runner.cleanup()


async def _listened(runner: web.AppRunner, host: str, port: int, setting: str) -> int:
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError as error:
        why = (error.strerror or "it is not to be had").lower()
        raise SettingsError(setting, f"cannot be listened on: {why}") from error
    taken: int = runner.addresses[0][1]
    return taken
