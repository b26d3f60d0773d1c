"""`python -m sandbox [PORT]`: the stand-ins on loopback, until stopped."""

from __future__ import annotations

import asyncio
import contextlib
import sys

from .server import serve

with contextlib.suppress(KeyboardInterrupt):
    asyncio.run(serve(int(sys.argv[1]) if len(sys.argv) > 1 else 8099))
