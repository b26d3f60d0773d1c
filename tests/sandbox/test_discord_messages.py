"""Messages on the Discord stand-in, sent by the unmodified discord.py."""

from __future__ import annotations

import io
from typing import Any

import discord
import pytest

from sandbox.discord.snowflake import moment_of
from sandbox.platform import ChatView, Shown
from sandbox.server import Sandbox

from .conftest import Api, Clock, Relay


def view(sandbox: Sandbox, chat: str, thread: str = "") -> ChatView:
    return next(one for one in sandbox.discord.chats() if (one.chat, one.thread) == (chat, thread))


def the_one(sandbox: Sandbox, chat: str) -> Shown:
    (message,) = view(sandbox, chat).messages
    return message


async def test_a_message_is_sent_edited_pinned_and_deleted(sandbox: Sandbox, text: str, relay: Relay) -> None:
    channel = relay.place(text)
    message = await channel.send("The ferry is **late**", silent=True)
    await message.edit(content="The ferry is *very* late")
    await message.pin()
    shown = the_one(sandbox, text)
    assert (shown.text, shown.edited, shown.pinned, shown.silent) == ("The ferry is very late", True, True, True)
    await message.unpin()
    assert not the_one(sandbox, text).pinned
    await message.delete()
    assert view(sandbox, text).messages == ()
    assert view(sandbox, text).deleted == ((str(message.id), "The ferry is very late"),)


async def test_an_embed_is_shown_from_top_to_bottom_without_markup(sandbox: Sandbox, text: str, relay: Relay) -> None:
    embed = discord.Embed(
        title="Fog \\*lifts\\*", url="https://example.org/1", description="See [the map](https://e.org/m)."
    )
    embed.set_author(name="Ada **Lowe**").set_footer(text="Analysis").set_image(url="https://example.org/fog.jpg")
    embed.add_field(name="Boats", value="~~two~~ three")
    await relay.place(text).send(embed=embed)
    shown = the_one(sandbox, text)
    assert shown.text.splitlines() == ["Ada **Lowe**", "Fog *lifts*", "See the map.", "Boats", "two three", "Analysis"]
    assert shown.media == ("https://example.org/fog.jpg",)


async def test_history_is_newest_first_and_can_be_paged(text: str, relay: Relay) -> None:
    channel = relay.place(text)
    sent = [await channel.send(str(number)) for number in range(4)]
    assert [message.content async for message in channel.history()] == ["3", "2", "1", "0"]
    assert [message.content async for message in channel.history(after=sent[1])] == ["2", "3"]
    assert [message.content async for message in channel.history(before=sent[2], limit=1)] == ["1"]
    assert (await channel.fetch_message(sent[0].id)).content == "0"


async def test_pins_stand_in_both_lists_and_leave_a_note(sandbox: Sandbox, text: str, relay: Relay, api: Api) -> None:
    channel = relay.place(text)
    message = await channel.send("Pinned")
    await message.pin()
    await message.pin()
    old = await api("GET", f"/channels/{text}/pins")
    new = await api("GET", f"/channels/{text}/messages/pins")
    assert [one["id"] for one in old.body] == [one["message"]["id"] for one in new.body["items"]] == [str(message.id)]
    kinds = [one.type async for one in channel.history()]
    assert kinds == [discord.MessageType.pins_add, discord.MessageType.default]
    assert len(view(sandbox, text).messages) == 1


async def test_a_reply_a_file_and_a_button_are_taken(sandbox: Sandbox, text: str, relay: Relay) -> None:
    channel = relay.place(text)
    first = await channel.send("first")
    answer = await first.reply("second", file=discord.File(io.BytesIO(b"abc"), "map.txt"))
    assert answer.reference.message_id == first.id
    buttons = discord.ui.View()
    buttons.add_item(discord.ui.Button(label="Open", url="https://example.org"))
    await channel.send(view=buttons)
    assert [(one.text, one.media) for one in view(sandbox, text).messages] == [
        ("first", ()),
        ("second", ("map.txt",)),
        ("Open", ()),
    ]


async def test_threads_can_be_opened_and_written_in(sandbox: Sandbox, text: str, relay: Relay) -> None:
    message = await relay.place(text).send("Ferries")
    thread = await message.create_thread(name="All about ferries")
    await thread.send("One is late")
    assert thread.id == message.id
    assert [one.text for one in view(sandbox, text, str(thread.id)).messages] == ["One is late"]


async def test_a_forum_comes_with_a_thread_and_takes_more(sandbox: Sandbox, relay: Relay) -> None:
    forum, thread = sandbox.discord.create_chat("forum", "Boats", ["ada"], ["all"])
    await relay.event_of("guild_join")
    await relay.place(thread).send("In the first")
    opened, message = await relay.place(forum).create_thread(name="Second", content="It begins")
    assert message.id == opened.id
    assert [one.text for one in view(sandbox, forum, thread).messages] == ["In the first"]
    assert [one.text for one in view(sandbox, forum, str(opened.id)).messages] == ["It begins"]


async def test_an_announcement_is_published_once(sandbox: Sandbox, relay: Relay) -> None:
    channel, _ = sandbox.discord.create_chat("announcement", "News", [], ["all"])
    await relay.event_of("guild_join")
    message = await relay.place(channel).send("News")
    await message.publish()
    with pytest.raises(discord.HTTPException, match="40033"):
        await message.publish()


async def test_the_same_nonce_brings_back_the_older_message(sandbox: Sandbox, text: str, relay: Relay) -> None:
    first = await relay.place(text).send("first", nonce="n-1")
    again = await relay.place(text).send("other words", nonce="n-1")
    assert (again.id, again.content) == (first.id, "first")
    assert len(view(sandbox, text).messages) == 1


async def test_a_nonce_holds_over_all_channels_of_a_bot_for_minutes(
    sandbox: Sandbox, text: str, api: Api, clock: Clock
) -> None:
    other, _ = sandbox.discord.create_chat("text", "Other", [], ["all"])
    body = {"content": "x", "nonce": "n", "enforce_nonce": True}
    first = await api("POST", f"/channels/{text}/messages", body)
    assert first.body["nonce"] == "n"
    clock.advance(minutes=2)
    assert (await api("POST", f"/channels/{other}/messages", body)).body["id"] == first.body["id"]
    assert (await api("POST", f"/channels/{other}/messages", body, token="another")).body["id"] != first.body["id"]
    clock.advance(minutes=2)
    assert (await api("POST", f"/channels/{text}/messages", body)).body["id"] != first.body["id"]


async def test_a_nonce_that_is_not_enforced_holds_nothing_back(text: str, api: Api) -> None:
    body = {"content": "x", "nonce": "n"}
    first = await api("POST", f"/channels/{text}/messages", body)
    assert (await api("POST", f"/channels/{text}/messages", body)).body["id"] != first.body["id"]


async def test_the_nonce_of_a_deleted_message_is_burnt(text: str, api: Api) -> None:
    body = {"content": "x", "nonce": "n", "enforce_nonce": True}
    first = await api("POST", f"/channels/{text}/messages", body)
    assert (await api("DELETE", f"/channels/{text}/messages/{first.body['id']}")).status == 204
    burnt = await api("POST", f"/channels/{text}/messages", body)
    assert (burnt.status, burnt.code) == (404, 10008)


async def test_ids_tell_the_time_and_rise(text: str, api: Api, clock: Clock) -> None:
    ids = [int((await api("POST", f"/channels/{text}/messages", {"content": "x"})).body["id"]) for _ in range(3)]
    assert ids == sorted(set(ids))
    assert moment_of(ids[0]) == clock()


LONG_EMBEDS = [{"description": "x" * 3001}, {"description": "y" * 3000}]


@pytest.mark.parametrize(
    "body",
    [
        {"content": "x" * 2001},
        {"content": "\N{SAILBOAT}\N{FISH}" * 1000},
        {"content": 5},
        {"contnet": "misspelt"},
        {"embeds": LONG_EMBEDS},
        {"embeds": [{"title": "x" * 257}]},
        {"embeds": [{"description": "x" * 4097}]},
        {"embeds": [{"title": "x", "footer": {"text": "x" * 2049}}]},
        {"embeds": [{"author": {"name": "x" * 257}}]},
        {"embeds": [{"author": {"name": ""}, "title": "x"}]},
        {"embeds": [{"title": "x"}] * 11},
        {"embeds": [{}]},
        {"embeds": [{"titel": "x"}]},
        {"embeds": [{"fields": [{"name": "", "value": "x"}]}]},
        {"embeds": [{"fields": [{"name": "x", "value": " "}]}]},
        {"embeds": [{"fields": [{"name": "x", "value": "x" * 1025}]}]},
        {"embeds": [{"fields": [{"name": "x", "value": "x"}] * 26}]},
        {"embeds": [{"fields": "none"}]},
        {"embeds": [{"title": "x", "url": "example.org"}]},
        {"embeds": [{"title": "x", "url": "javascript:alert(1)"}]},
        {"embeds": [{"title": "x", "image": {"url": "https://example.org/a b.png"}}]},
        {"embeds": [{"title": "x", "timestamp": "yesterday"}]},
        {"embeds": [{"title": "x", "color": 0x1000000}]},
        {"embeds": ["x"]},
        {"embeds": "x"},
        {"content": "x", "nonce": "n" * 26},
        {"content": "x", "nonce": 1.5},
        {"content": "x", "flags": "silent"},
        {"content": "x", "components": [{"type": 2, "style": 1, "label": "x", "custom_id": "x"}]},
        {"content": "x", "components": [{"type": 1, "components": [{"type": 2, "style": 1, "label": "x"}]}]},
        {"flags": 1 << 15, "components": [{"type": 10, "content": "x"}] * 41},
        {"flags": 1 << 15, "content": "x", "components": [{"type": 10, "content": "x"}]},
        {"content": "x", "message_reference": {"message_id": "1"}},
        ["x"],
    ],
)
async def test_a_message_that_discord_would_not_take_is_refused(text: str, api: Api, body: Any) -> None:
    refused = await api("POST", f"/channels/{text}/messages", body)
    assert (refused.status, refused.code) == (400, 50035)
    assert "errors" in refused.body


@pytest.mark.parametrize("body", [{"content": " "}, {"embeds": []}, {"content": None, "flags": 4096}, {}])
async def test_an_empty_message_is_refused(text: str, api: Api, body: Any) -> None:
    refused = await api("POST", f"/channels/{text}/messages", body)
    assert (refused.status, refused.code) == (400, 50006)


async def test_what_is_just_short_enough_is_taken(text: str, api: Api) -> None:
    embeds = [{"description": "x" * 3000, "url": "https://example.org/ä?b=c#d"}, {"description": "y" * 3000}]
    sent = await api("POST", f"/channels/{text}/messages", {"content": "é" * 2000, "embeds": embeds})
    assert sent.status == 200


async def test_an_edit_may_not_leave_nothing_and_keeps_what_it_does_not_name(text: str, api: Api) -> None:
    sent = await api("POST", f"/channels/{text}/messages", {"content": "x", "embeds": [{"title": "t"}]})
    path = f"/channels/{text}/messages/{sent.body['id']}"
    assert (await api("PATCH", path, {"content": "", "embeds": []})).code == 50006
    edited = await api("PATCH", path, {"content": ""})
    assert (edited.body["content"], edited.body["embeds"][0]["title"]) == ("", "t")
    assert edited.body["edited_timestamp"]


async def test_what_is_not_there_is_said_with_its_code(text: str, api: Api) -> None:
    assert (await api("GET", "/channels/1")).code == 10003
    assert (await api("PATCH", f"/channels/{text}/messages/1", {"content": "x"})).code == 10008
    assert (await api("PUT", f"/channels/{text}/pins/1")).code == 10008
    assert (await api("GET", "/guilds/1")).code == 10004
    assert (await api("GET", "/nothing/here")).code == 0


async def test_without_a_token_nobody_is_let_in(text: str, api: Api) -> None:
    assert (await api("GET", "/users/@me", token="")).status == 401
    assert (await api("GET", f"/channels/{text}", token="")).status == 401


async def test_a_token_always_has_the_same_bot(api: Api) -> None:
    mine, again, other = [await api("GET", "/users/@me", token=token) for token in ("a", "a", "b")]
    assert mine.body["id"] == again.body["id"] != other.body["id"]


async def test_nobody_edits_what_another_said(text: str, api: Api) -> None:
    sent = await api("POST", f"/channels/{text}/messages", {"content": "x"}, token="other")
    refused = await api("PATCH", f"/channels/{text}/messages/{sent.body['id']}", {"content": "y"})
    assert (refused.status, refused.code) == (403, 50005)


async def test_broken_json_and_other_types_of_content_are_refused(sandbox: Sandbox, text: str, http: Any) -> None:
    url, token = f"{sandbox.discord_url}/channels/{text}/messages", {"Authorization": "Bot x"}
    async with http.post(url, data=b"{", headers={**token, "Content-Type": "application/json"}) as answer:
        assert (await answer.json())["code"] == 50109
    async with http.post(url, data={"content": "x"}, headers=token) as answer:
        assert answer.status == 400
    assert answer.headers["Content-Type"] == "application/json"
