"""The whole program, as a process, with Telegram bringing what people type."""

from __future__ import annotations

import random

import pytest
from aiohttp.test_utils import unused_port

from sandbox.server import Sandbox
from sandbox.telegram.people import say

from .newsroom import Newsroom
from .program import ADMIN, Program, make, until

pytestmark = pytest.mark.process


async def test_what_people_type_while_the_program_is_dead_is_brought_to_the_next_process(
    sandbox: Sandbox, program: Program
) -> None:
    port = unused_port()
    program.settings = {
        "DISCORD__TOKEN": "",
        "TELEGRAM__WEBHOOK_URL": f"http://127.0.0.1:{port}/telegram",
        "TELEGRAM__WEBHOOK_LISTEN": f"127.0.0.1:{port}",
    }
    newsroom = Newsroom(sandbox.page, random.Random(1))
    private, group = make(sandbox, "telegram", "private"), make(sandbox, "telegram", "supergroup")
    await program.start()
    await until(sandbox, lambda: secrets(sandbox) != set(), within=120)
    assert "Following" in await private.type(f"/subscribe {sandbox.page_url}")
    newsroom.publish()
    await until(sandbox, lambda: private.posts() == newsroom.posts())
    await program.kill()
    say(sandbox.telegram.world, sandbox.telegram.world.find(group.chat), 0, ADMIN, f"/subscribe {sandbox.page_url}")
    newsroom.publish()
    await program.start()
    await until(sandbox, lambda: any("Following" in message.text for message in group.view().messages), within=120)
    # The kill may have come before the first post was written down as sent: then it is there twice.
    await until(sandbox, lambda: set(private.posts()) == set(group.posts()) == set(newsroom.posts()))
    await program.stop()
    assert sandbox.calls.select("telegram", "getUpdates") == []
    assert [call for call in sandbox.calls if not call.valid] == []
    assert not any(token in program.log for token in secrets(sandbox))


def secrets(sandbox: Sandbox) -> set[str]:
    """What the program told Telegram in confidence."""
    return {call.request["secret_token"] for call in sandbox.calls.select("telegram", "setWebhook")}
