"""The outbox is tested on every database."""

from __future__ import annotations

from tests.databases import *  # noqa: F403  # fixtures are found by being here
