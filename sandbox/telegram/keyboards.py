"""Keyboards instead of the person's own, with buttons that open the list of a person's chats (request_chat)."""

from __future__ import annotations

from typing import Any

from .chats import Chat, Person
from .refusal import bad
from .views import person_member
from .world import World

_REQUESTS = ("request_users", "request_chat", "request_managed_bot", "request_contact", "request_location")
_NAMES = {"request_chat": "Chats", "request_users": "Users", "request_contact": "Phone number"}


def check_keyboard(markup: dict[str, Any], *, private: bool) -> None:
    """Raises Refusal for a keyboard that the server does not take; other markups are no matter of this."""
    rows = markup.get("keyboard")
    if rows is None:
        return
    if not isinstance(rows, list) or not rows or not all(isinstance(row, list) and row for row in rows):
        raise bad("can't parse keyboard: field keyboard must be an Array of Arrays")
    for button in (button for row in rows for button in row):
        _check(button, private=private)


def _check(button: Any, *, private: bool) -> None:
    if isinstance(button, str):
        return
    if not isinstance(button, dict) or not str(button.get("text", "")).strip():
        raise bad("can't parse keyboard button: field text must be non-empty")
    for name in _REQUESTS:
        if name in button and not private:
            raise bad(f"{_NAMES.get(name, 'This')} can be requested in private chats only")
    if "request_chat" in button:
        _check_request(button["request_chat"])


def _check_request(request: Any) -> None:
    """A bot cannot be given what the person does not have: its rights must be among the person's."""
    if not isinstance(request, dict) or not isinstance(request.get("request_id"), int):
        raise bad("can't parse keyboard button: field request_id is missing")
    if not isinstance(request.get("chat_is_channel"), bool):
        raise bad("can't parse keyboard button: field chat_is_channel is missing")
    theirs, its = _granted(request, "user_administrator_rights"), _granted(request, "bot_administrator_rights")
    if its - theirs:
        raise bad("bot_administrator_rights must be a subset of user_administrator_rights")


def _granted(request: dict[str, Any], name: str) -> set[str]:
    return {right for right, given in (request.get(name) or {}).items() if given is True}


def choose(world: World, private: Chat, person: Person, label: str, chosen: Chat) -> None:
    """Press a button of the keyboard that was sent last, and choose a chat. Raises ValueError where it is not offered.

    A channel takes the bot in with the rights that the button names; the bot is told by a service message.
    """
    request = _request(private, label)
    if request["chat_is_channel"] != chosen.is_channel or chosen.is_private:
        raise ValueError("chats of that kind are not offered")
    held = person_member(chosen, person)
    wanted = _granted(request, "user_administrator_rights")
    if held["status"] not in ("creator", "administrator"):
        raise ValueError("only chats that the person runs are offered")
    if held["status"] == "administrator" and any(not held.get(right) for right in wanted - {"can_manage_chat"}):
        raise ValueError("the person lacks a right that the button asks for")
    _let_in(world, person, request, chosen)
    told = {"request_id": request["request_id"], "chat_id": chosen.id}
    world.tell(private, world.new_post(private, person, service={"chat_shared": told}))


def _let_in(world: World, person: Person, request: dict[str, Any], chosen: Chat) -> None:
    if request.get("bot_is_member") and chosen.absent:
        raise ValueError("only chats that have the bot are offered")
    if rights := _granted(request, "bot_administrator_rights"):
        world.let_in(chosen, sorted(rights), person)


def _request(private: Chat, label: str) -> dict[str, Any]:
    for post in reversed(private.posts.values()):
        if post.keyboard is not None:
            for button in (button for row in post.keyboard.get("keyboard", []) for button in row):
                if isinstance(button, dict) and button.get("text") == label and "request_chat" in button:
                    request: dict[str, Any] = button["request_chat"]
                    return request
            break
    raise ValueError(f"there is no button {label} under that person's line")
