"""The published specification as a second pair of eyes, and agreement of what is coded by hand with it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import aiohttp
import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, InputMediaPhoto, LinkPreviewOptions

from sandbox.pictures import picture
from sandbox.server import Sandbox
from sandbox.telegram.methods import METHODS
from sandbox.telegram.spec import Spec

from .conftest import TOKEN

pytestmark = [pytest.mark.specs, pytest.mark.usefixtures("specs_dir")]


@pytest.fixture(scope="module")
def spec(specs_dir: Path) -> Spec:
    return Spec.load(specs_dir)


@pytest.mark.parametrize("method", METHODS)
def test_the_parameters_coded_by_hand_are_the_published_ones(spec: Spec, method: str) -> None:
    coded = {name: kind.endswith("!") for name, kind in METHODS[method].items()}
    assert coded == spec.fields(method)


@pytest.mark.parametrize(
    ("method", "values"),
    [
        ("sendMessage", {"chat_id": 1}),
        ("sendMessage", {"chat_id": 1, "text": "x", "disable_web_page_preview": True}),
        ("sendMessage", {"chat_id": 1, "text": "x", "disable_notification": "yes"}),
        ("sendMessage", {"chat_id": 1, "text": "x", "reply_parameters": {}}),
        ("sendMessage", {"chat_id": 1, "text": "x", "link_preview_options": {"disabled": True}}),
        ("sendMediaGroup", {"chat_id": 1, "media": [{"type": "photo", "media": "x"}]}),
        ("sendMediaGroup", {"chat_id": 1, "media": [{"type": "picture", "media": "x"}] * 2}),
        ("setMyCommands", {"commands": [{"command": "x"}]}),
        ("setMyCommands", {"commands": [], "scope": {"type": "everywhere"}}),
        ("sendTelegram", {}),
    ],
)
def test_a_request_that_breaks_the_specification_is_caught(spec: Spec, method: str, values: dict[str, Any]) -> None:
    assert spec.request_problems(method, values)


def test_an_album_may_mix_photos_and_videos(spec: Spec) -> None:
    media = [{"type": "photo", "media": "x"}, {"type": "video", "media": "y"}]
    assert spec.request_problems("sendMediaGroup", {"chat_id": 1, "media": media}) == []


def test_discriminators_that_stand_in_prose_are_held(spec: Spec) -> None:
    user = {"id": 1, "is_bot": False, "first_name": "Ada"}
    assert spec.answer_problems("getChatMember", {"status": "creator", "user": user, "is_anonymous": False}) == []
    assert spec.answer_problems("getChatMember", {"status": "owner", "user": user, "is_anonymous": False})


async def test_everything_an_adapter_does_is_valid_both_ways(
    sandbox: Sandbox, bot: Bot, channel: str, private: str, forum: tuple[str, int]
) -> None:
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("More", callback_data="more")]])
    preview = LinkPreviewOptions(is_disabled=True)
    chat, topic = forum
    await bot.get_me()
    await bot.get_webhook_info()
    await bot.delete_webhook()
    await bot.set_my_commands([("start", "Begin")], language_code="en")
    sent = await bot.send_message(
        chat, "<b>x</b>", "HTML", message_thread_id=topic, reply_markup=keyboard, link_preview_options=preview
    )
    await bot.edit_message_text("y", chat, sent.message_id, reply_markup=keyboard)
    await bot.send_message(chat, "reply", message_thread_id=topic, reply_to_message_id=sent.message_id)
    photo = await bot.send_photo(channel, picture("a"), caption="<i>a</i>", parse_mode="HTML")
    await bot.edit_message_caption(channel, photo.message_id, caption="b")
    await bot.edit_message_media(InputMediaPhoto(picture("b"), caption="c"), channel, photo.message_id)
    await bot.send_media_group(private, [InputMediaPhoto(picture("a")), InputMediaPhoto("https://a.example/b.jpg")])
    await bot.pin_chat_message(chat, (await bot.send_message(chat, "z")).message_id)
    for place in (channel, private, chat):
        await bot.get_chat(place)
        await bot.get_chat_member(place, bot.id)
    await bot.get_chat_administrators(channel)
    await bot.send_chat_action(private, "typing")
    await bot.delete_message(channel, photo.message_id)
    await bot.get_updates(timeout=0)
    assert {problem for call in sandbox.calls for problem in call.problems} == set()
    assert len(sandbox.calls) == 24


async def test_a_parameter_that_nobody_knows_is_ignored_but_recorded(
    sandbox: Sandbox, http: aiohttp.ClientSession, group: str
) -> None:
    body = {"chat_id": group, "text": "x", "reply_to_message_id": 5}
    async with http.post(f"{sandbox.telegram_url}/bot{TOKEN}/sendmessage", json=body) as answer:
        assert (await answer.json())["ok"]
    (call,) = sandbox.calls
    assert (call.method, call.valid) == ("sendMessage", False)


async def test_a_nested_mistake_is_refused(sandbox: Sandbox, http: aiohttp.ClientSession, group: str) -> None:
    body = {"chat_id": group, "text": "x", "link_preview_options": '{"is_disabled": "yes"}'}
    async with http.post(f"{sandbox.telegram_url}/bot{TOKEN}/sendMessage", data=body) as answer:
        assert answer.status == 400
    assert not next(iter(sandbox.calls)).valid
