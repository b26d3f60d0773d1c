"""The stand-ins as every suite but their own uses them: nothing that we ask may break a platform's specification."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from sandbox.server import Sandbox, specs_from


@asynccontextmanager
async def checked(**how: Any) -> AsyncIterator[Sandbox]:
    """Run a sandbox; at the end, all that was asked of it and all that it answered must have kept to the rules.

    Those written by hand always hold; the published specifications are checked, too, where LIVERELAY_SPECS names them.
    """
    async with Sandbox(specs=specs_from(os.environ), **how) as sandbox:
        yield sandbox
        assert [(call.method, call.problems) for call in sandbox.calls.wrong] == []
