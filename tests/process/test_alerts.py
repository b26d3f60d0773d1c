"""The operator's alerts, from a real process, in a real client's words."""

from __future__ import annotations

import pytest

from sandbox.platform import Fault
from sandbox.server import Sandbox

from .program import Program, make

pytestmark = pytest.mark.process


async def test_a_token_that_telegram_does_not_take_is_told_on_discord_before_the_program_ends(
    sandbox: Sandbox, program: Program
) -> None:
    desk = make(sandbox, "discord", "text")
    program.settings["ALERTS__DISCORD"] = desk.chat
    sandbox.telegram.fault(Fault("401", method="getMe", times=1000))
    await program.start()
    assert await program.ended(within=60) == 1
    (told,) = desk.view().messages
    assert "Telegram does not let the bot in" in told.text
    assert "telegram.token" in told.text
