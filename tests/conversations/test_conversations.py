"""Every command on both platforms, through the real clients: what is answered, and what it does."""

from __future__ import annotations

from pathlib import Path

from bot.commands import SPECS

from .table import CONVERSATIONS
from .talking import TOLD, places, talk_once, written


def test_every_command_has_a_conversation() -> None:
    """A command without one: CONTRIBUTING.md, "Common changes", says how to add it."""
    assert {talk.command for talk in CONVERSATIONS} == {spec.name for spec in SPECS}


async def test_every_command_is_answered_as_written_down_and_does_what_it_says_on_each_platform(
    tmp_path: Path,
) -> None:
    """One test, because starting the program and both clients is most of what it costs."""
    chats = await talk_once(tmp_path)
    for talk in CONVERSATIONS:
        held = [chat for chat in chats if chat.talk is talk]
        told = (TOLD / f"{talk.command}.md").read_text(encoding="utf-8")
        assert written(held) == told, f"/{talk.command} is answered otherwise"
        shown = {(chat.platform, chat.kind): chat.shown for chat in held}
        assert shown == dict.fromkeys(places(talk), talk.shows), f"/{talk.command} does something else"
