"""/subscribe leads on: it asks for the address, and offers what an ordinary page names."""

from __future__ import annotations

import pytest

from bot.errors import UnreadablePage
from bot.model import Offer

from .world import ADA, URL, TelegramWorld

HOME = "https://news.example/"


@pytest.mark.parametrize("kind", ["private", "supergroup"])
async def test_the_address_of_a_front_page_leads_to_its_live_page_with_one_press(
    world: TelegramWorld, kind: str
) -> None:
    offers = (Offer("live", URL, "Lighthouse, live"), Offer("feed", "https://news.example/feed", "All news"))
    world.unreadable[HOME] = UnreadablePage("That is no live page.", offers=offers)
    chat = world.private() if kind == "private" else world.open_chat(kind)
    await world.settled()
    question = await world.ask(chat, "/subscribe")
    assert question.startswith("Which page shall I follow here? I need its address.")
    asked = world.shown(chat)[-1].id
    (offered,) = await world.telegram.reply(chat, asked, ADA, HOME)
    assert offered.startswith("That is no live page, but it names what can be followed:")
    assert (await world.press(chat, "1. Live page: Lighthouse, live")).startswith("Following Lighthouse")
    assert "1. Lighthouse" in await world.ask(chat, "/list")
