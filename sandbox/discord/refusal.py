"""What the stand-in answers instead of a result: an HTTP status and Discord's JSON error."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

MESSAGES = {
    0: "404: Not Found",
    10002: "Unknown Application",
    10003: "Unknown Channel",
    10004: "Unknown Guild",
    10008: "Unknown Message",
    10013: "Unknown User",
    10015: "Unknown Webhook",
    10062: "Unknown interaction",
    10063: "Unknown application command",
    10066: "Unknown application command permissions",
    20012: "You are not authorized to perform this action on this application",
    30003: "Maximum number of pins reached (250)",
    30034: "Max number of daily application command creates has been reached (200)",
    40005: "Request entity too large",
    40033: "This message has already been crossposted",
    40067: "A tag is required to create a forum post in this channel",
    40060: "Interaction has already been acknowledged.",
    50001: "Missing Access",
    50005: "Cannot edit a message authored by another user",
    50006: "Cannot send an empty message",
    50008: "Cannot send messages in a non-text channel",
    50013: "Missing Permissions",
    50019: "A message can only be pinned to the channel it was sent in",
    50021: "Cannot execute action on a system message",
    50024: "Cannot execute action on this channel type",
    50027: "Invalid Webhook Token",
    50034: "You can only bulk delete messages that are under 14 days old.",
    50035: "Invalid Form Body",
    50083: "Thread is archived",
    50109: "The request body contains invalid JSON.",
    160002: "Cannot reply without permission to read message history",
    160004: "A thread has already been created for this message",
    160005: "Thread is locked",
    160006: "Maximum number of active threads reached",
}


class Refusal(Exception):
    """An error; `body` is its JSON. `more` are headers."""

    def __init__(self, status: int, body: dict[str, Any], headers: dict[str, str] | None = None) -> None:
        super().__init__(body.get("message", ""))
        self.status = status
        self.body = body
        self.headers = headers or {}


def refuse(status: int, code: int, **more: Any) -> Refusal:
    """Return the refusal with that code, in Discord's words."""
    return Refusal(status, {"message": MESSAGES[code], "code": code, **more})


def unauthorized() -> Refusal:
    """Return what a request without a token gets."""
    return Refusal(401, {"message": "401: Unauthorized", "code": 0})


def malformed(problems: Sequence[tuple[Sequence[str | int], str, str]]) -> Refusal:
    """Return a 50035 that names each (path, code, sentence) as Discord does: nested, lists by index."""
    errors: dict[str, Any] = {}
    for path, code, sentence in problems:
        place = errors
        for step in path:
            place = place.setdefault(str(step), {})
        place.setdefault("_errors", []).append({"code": code, "message": sentence})
    return refuse(400, 50035, errors=errors)
