"""What the sandbox saw of what went wrong, for the history that a failing seed prints."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

from sandbox.platform import Call

_NAME = re.compile(r"Post \d+|Point \d+|order\d+")
_MOST = 80


def calls_about(wrong: Iterable[str], calls: Iterable[Call], begun: datetime) -> list[str]:
    """Return the calls that say one of the names in these sentences, with the seconds since the beginning."""
    names = [re.compile(rf"{name}\b") for name in sorted(set(_NAME.findall("\n".join(wrong))))]
    about = ((call, name.search(str(call.request))) for call in calls for name in names)
    return [f"{(call.at - begun).total_seconds():7.2f} {call.platform} {call.chat}: {call.method} of {found[0]}, "
            f"{_ended(call)}" for call, found in about if found][-_MOST:]  # fmt: skip


def _ended(call: Call) -> str:
    result = call.meant.get("result", call.meant) if isinstance(call.meant, dict) else {}
    made = result.get("message_id") or result.get("id") if isinstance(result, dict) else None
    return ", ".join([str(call.status), *([f"message {made}"] if made else []), *([call.fault] if call.fault else [])])
