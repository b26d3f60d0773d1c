"""`python -m tests.conversations`: writes anew what the bot answers in every conversation."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

from .table import CONVERSATIONS
from .talking import TOLD, talk_once, written

with tempfile.TemporaryDirectory() as folder:
    chats = asyncio.run(talk_once(Path(folder)))
for talk in CONVERSATIONS:
    text = written(chat for chat in chats if chat.talk is talk)
    (TOLD / f"{talk.command}.md").write_text(text, encoding="utf-8")
