"""What the stand-in answers instead of a result, worded as the Bot API server words it (fail_query_with_error)."""

from __future__ import annotations

from typing import Any


class Refusal(Exception):
    """An answer with `ok: false`; `parameters` are the response parameters (retry_after, migrate_to_chat_id)."""

    def __init__(self, status: int, description: str, **parameters: Any) -> None:
        super().__init__(description)
        self.status = status
        self.description = description
        self.parameters = parameters

    @property
    def body(self) -> dict[str, Any]:
        """The JSON body of the answer."""
        body: dict[str, Any] = {"ok": False, "error_code": self.status, "description": self.description}
        return body | ({"parameters": self.parameters} if self.parameters else {})


def bad(description: str, **parameters: Any) -> Refusal:
    """Return a 400."""
    return Refusal(400, f"Bad Request: {description}", **parameters)


def forbidden(description: str) -> Refusal:
    """Return a 403."""
    return Refusal(403, f"Forbidden: {description}")


def too_many(seconds: int) -> Refusal:
    """Return a 429."""
    return Refusal(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
