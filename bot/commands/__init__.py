"""What people tell the bot: the same words on every platform, done here once, rendered by the adapter."""

from __future__ import annotations

from .answering import Probe
from .commands import MOST_LOOKING, WORKERS, Commands
from .notifying import notify
from .specs import SPECS
from .tidying import tidy
from .turn import CommandLimits

__all__ = ["MOST_LOOKING", "SPECS", "WORKERS", "CommandLimits", "Commands", "Probe", "notify", "tidy"]
