"""What these tests share: a database, on SQLite and on PostgreSQL."""

from __future__ import annotations

from tests.databases import *  # noqa: F403  # fixtures are found by being here
