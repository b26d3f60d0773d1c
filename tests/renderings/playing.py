"""Tells a chat of a stand-in what a rendering says, through the real adapter and client library."""

from __future__ import annotations

from bot.message import Message
from bot.model import Address
from bot.ports import Adapter, Done, Sent

from .told import DAWN, Rendering


async def play(adapter: Adapter, address: Address, rendering: Rendering) -> None:
    """Send the first message, edit it into each of the others, and pin it where it is pinned."""
    first, *later = rendering.messages
    sent = await _send(adapter, address, first)
    for message in later:
        for part, each in enumerate(sent):
            assert isinstance(await adapter.edit(address, each, message, part), Done), rendering.name
    if rendering.pinned:
        assert isinstance(await adapter.pin(address, sent[0], pinned=True), Done), rendering.name


async def _send(adapter: Adapter, address: Address, message: Message) -> list[Sent]:
    kinds = adapter.parts(message)
    sent: list[Sent] = []
    while len(sent) < len(kinds):
        outcome = await adapter.send(address, message, len(sent), f"{address.chat[-12:]}-{len(sent)}")
        assert isinstance(outcome, Done), outcome
        for message_id in (outcome.message_id, *outcome.further):
            sent.append(Sent(message_id, kinds[len(sent)], DAWN))
    return sent
