"""Who may give a command in a server that set that itself (Server Settings, Integrations), as far as a bot can know it.

Discord holds slash commands to these rules itself, and presses and forms to nothing: they are held to the same ones
here (documentation, "Application Command Permissions"). What is set for a command goes before what is set for the app.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import discord
from discord.http import Route

from .api import asked
from .rest import Rest
from .targets import Place

Verdict = Literal["allowed", "denied", "unsaid"]
Rules = Sequence[Mapping[str, Any]]
_ROLE, _USER, _CHANNEL = 1, 2, 3


@dataclass(frozen=True, slots=True)
class Asker:
    """Who gives a command, and the channel in which (a thread's own is the one above it); ids of Discord."""

    user: int
    roles: frozenset[int]
    guild: int
    channel: int


class Overrides:
    """Remembers what each server set until Discord says that it changed, or the connection is a new one."""

    def __init__(self, rest: Rest) -> None:
        self._rest = rest
        self._ids: dict[str, int] = {}
        self._of_servers: dict[int, dict[int, Rules]] = {}

    def begin(self, commands: Iterable[Mapping[str, Any]]) -> None:
        """Forget what was known; these are the commands as Discord keeps them."""
        self._of_servers.clear()
        self._ids = {str(command.get("name")): int(command.get("id") or 0) for command in commands}

    def forget(self, guild: int) -> None:
        """A server changed something."""
        self._of_servers.pop(guild, None)

    async def admits(self, interaction: discord.Interaction[Any], name: str, place: Place) -> bool:
        """Whether whoever does this may give the command about that place, which they need not be in.

        Those who manage the server may, unless it took that from them; others if it gave it to them.
        """
        guild, mine = interaction.guild_id, interaction.permissions
        if guild is None or place.chat_kind == "private" or mine.administrator:
            return True
        typed = interaction.type is discord.InteractionType.application_command
        if typed and place.can_be_changed:  # Discord let it through, with the very same rules
            return True
        of_server = await self._rules(interaction.application_id, guild)
        asker = _asker(interaction, guild, place)
        said = verdict(of_server.get(self._ids.get(name, 0), ()), asker)
        if said == "unsaid":
            return place.can_be_changed and verdict(of_server.get(interaction.application_id, ()), asker) != "denied"
        return said == "allowed"

    async def _rules(self, application: int, guild: int) -> dict[int, Rules]:
        """Return what a server set, by the id of the command, or of the application; nothing where it cannot be had."""
        if guild not in self._of_servers:
            path = "/applications/{application_id}/guilds/{guild_id}/commands/permissions"
            route = Route("GET", path, application_id=application, guild_id=guild)
            told = await asked("read", self._rest.request(route))
            if not isinstance(told, list):
                return {}
            self._of_servers[guild] = {int(one["id"]): one["permissions"] for one in told}
        return self._of_servers[guild]


def verdict(rules: Rules, asker: Asker) -> Verdict:
    """Return what the rules of a command, or of the app, say: channels first, then the person, roles, everybody."""
    said = {(int(rule["type"]), int(rule["id"])): bool(rule["permission"]) for rule in rules}
    everywhere = said.get((_CHANNEL, asker.guild - 1), True)
    if not said.get((_CHANNEL, asker.channel), everywhere):
        return "denied"
    if (of_person := said.get((_USER, asker.user))) is not None:
        return "allowed" if of_person else "denied"
    if of_roles := [said[_ROLE, role] for role in asker.roles if (_ROLE, role) in said]:
        return "allowed" if any(of_roles) else "denied"
    of_all = said.get((_ROLE, asker.guild))
    return "unsaid" if of_all is None else "allowed" if of_all else "denied"


def _asker(interaction: discord.Interaction[Any], guild: int, place: Place) -> Asker:
    user = interaction.user
    roles = frozenset(role.id for role in user.roles) if isinstance(user, discord.Member) else frozenset[int]()
    return Asker(user.id, roles - {guild}, guild, int(place.address.chat))
