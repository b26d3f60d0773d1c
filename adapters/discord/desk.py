"""Where all that people do comes in: it is acknowledged at once, and becomes a Command, a form or suggestions."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import discord
import structlog

from bot.errors import LiveRelayError
from bot.languages import speaking
from bot.ports import Command, CommandSpec, Done, Suggest, Suggestion, Typing

from . import components
from .answers import defer, defer_press, open_form, say_elsewhere, say_hidden, say_outdated, show_suggestions
from .api import asked
from .interactions import Said, command_of, focused, said
from .overrides import Overrides
from .rest import Rest
from .targets import Place, here, is_ours, named

log = structlog.get_logger(__name__)

_PATIENCE = 2.0
"""Seconds for finding suggestions; Discord waits three for them, and the way there takes its time, too."""
_NONSENSE = (LookupError, TypeError, ValueError, AttributeError)


class Desk:
    """Takes interactions of one bot; `suggest` is asked what an argument may be."""

    def __init__(
        self, rest: Rest, bot: str, specs: Mapping[str, CommandSpec], overrides: Overrides, suggest: Suggest | None
    ) -> None:
        self._rest = rest
        self._bot = bot
        self._specs = specs
        self._overrides = overrides
        self._suggest = suggest

    async def take(self, interaction: discord.Interaction[Any]) -> Command | None:
        """Tell Discord that we are at it, and return the Command; None where it was answered, or makes no sense.

        What is said from here is in the language of the person's app.
        """
        try:
            with speaking(interaction.locale.value):
                return await self._taken(interaction)
        except _NONSENSE as error:
            log.warning("discord.interaction_malformed", interaction=interaction.id, error=type(error).__name__)
            return None

    async def _taken(self, interaction: discord.Interaction[Any]) -> Command | None:
        if interaction.type is discord.InteractionType.autocomplete:
            await self._show_suggestions(interaction)
            return None
        if not is_ours(interaction):
            await say_elsewhere(self._rest, interaction)
            return None
        if await self._at_once(interaction):
            return None
        await self._defer(interaction)
        return await self._command(interaction)

    async def _defer(self, interaction: discord.Interaction[Any]) -> None:
        pressed = interaction.type is discord.InteractionType.component
        outcome = await (defer_press if pressed else defer)(self._rest, interaction)
        if not isinstance(outcome, Done):  # the answer will then stand in the channel
            log.warning("discord.defer_failed", interaction=interaction.id, outcome=type(outcome).__name__)

    async def _command(self, interaction: discord.Interaction[Any]) -> Command | None:
        told, given_in = said(interaction, self._specs), here(interaction, self._bot)
        about = await self._about(interaction, told, given_in)
        if about is None:
            await say_hidden(self._rest, interaction)
            return None
        command = command_of(interaction, told, about, given_in)
        return replace(command, is_admin=await self._is_admin(interaction, command, about))

    async def _about(self, interaction: discord.Interaction[Any], told: Said, given_in: Place) -> Place | None:
        """Return the channel that is meant; None where it is hidden from whoever asks."""
        return await named(interaction, self._bot, told.channel, self._read) if told.channel else given_in

    async def _is_admin(self, interaction: discord.Interaction[Any], command: Command, about: Place) -> bool:
        """Only a command that Discord keeps for some says, by getting through, that its giver is one of them."""
        spec = self._specs.get(command.name)
        if spec is None or not spec.changes:
            return command.is_admin
        return await self._overrides.admits(interaction, command.name, about)

    async def _read(self, channel: str) -> Any:
        return await asked("read", self._rest.get_channel(channel))

    async def _at_once(self, interaction: discord.Interaction[Any]) -> bool:
        """Answer what gives no command: a form, which Discord takes only at once; a button that we do not know."""
        told: Any = interaction.data or {}
        if interaction.type is discord.InteractionType.application_command:
            return await self._ask(interaction)
        if interaction.type is not discord.InteractionType.component:
            return False
        if wanted := components.asked_for(told):
            await open_form(self._rest, interaction, components.form(wanted, self._specs.get(wanted.name)))
        elif not components.pressed(told):
            await say_outdated(self._rest, interaction)
        else:
            return False
        return True

    async def _ask(self, interaction: discord.Interaction[Any]) -> bool:
        """Open a form for a command that was given bare and wants something."""
        told = said(interaction, self._specs)
        spec = self._specs.get(told.name)
        if spec is None or not spec.asks or told.arguments:
            return False
        await open_form(self._rest, interaction, components.form(components.Carried(spec.name, told.channel), spec))
        return True

    # ── suggestions ──────────────────────────────────────────────────────────────────────────────────────────────

    async def _show_suggestions(self, interaction: discord.Interaction[Any]) -> None:
        """Show what is found in time, whatever the database does; what is still looking then is given up afterwards."""
        looking = asyncio.ensure_future(self._found(interaction))
        await asyncio.wait({looking}, timeout=_PATIENCE)
        found = looking.result() if looking.done() else ()
        outcome = await show_suggestions(self._rest, interaction, found, focused(interaction).kind)
        if not isinstance(outcome, Done):
            log.info("discord.suggestions_not_shown", outcome=type(outcome).__name__)
        looking.cancel()
        await asyncio.wait({looking})

    async def _found(self, interaction: discord.Interaction[Any]) -> Sequence[Suggestion]:
        if self._suggest is None or not is_ours(interaction):
            return ()
        told, given_in = said(interaction, self._specs), here(interaction, self._bot)
        about = await self._about(interaction, told, given_in)
        if about is None:
            return ()
        at = focused(interaction)
        try:
            return await self._suggest(Typing(command_of(interaction, told, about, given_in), at.option, at.typed))
        except LiveRelayError as error:
            log.warning("discord.no_suggestions", why=str(error))
            return ()
