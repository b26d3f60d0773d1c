"""Reading a request: whose it is, its JSON, its files."""

from __future__ import annotations

import json
from typing import Any

from aiohttp import BodyPartReader, web

from .refusal import malformed, refuse, unauthorized
from .state import Asked, Upload
from .world import World

OPEN = ("/webhooks/", "/interactions/", "/gateway")
"""Routes that need no token, or carry one of their own; `/gateway/bot` asks for the bot's all the same."""
_LARGEST = 25 * 1024 * 1024


async def decode(request: web.Request, asked: Asked, world: World) -> None:
    """Fill in what the request holds. Raises Refusal."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme == "Bot" and token.strip():
        asked.bot = world.bot(token.strip())
    elif not asked.route.startswith(OPEN):
        raise unauthorized()
    if request.content_type == "multipart/form-data":
        asked.body = await _parts(request, asked)
    elif raw := await request.read():
        if request.content_type != "application/json":
            asked.problems.append(f"request: content type {request.content_type}")
            raise malformed(
                [((), "CONTENT_TYPE_INVALID", 'Expected "Content-Type" header to be one of json, multipart.')]
            )
        asked.body = _parsed(raw)


async def _parts(request: web.Request, asked: Asked) -> Any:
    body: Any = {}
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader):
            raise refuse(400, 50109)
        content = bytes(await part.read())
        if part.name == "payload_json":
            body = _parsed(content)
        elif part.filename:
            asked.files.append(Upload(part.filename, len(content), part.headers.get("Content-Type", "")))
    if sum(file.size for file in asked.files) > _LARGEST:
        raise refuse(413, 40005)
    return body


def _parsed(raw: bytes) -> Any:
    try:
        return json.loads(raw)
    except ValueError:
        raise refuse(400, 50109) from None
