"""Servers that are let in, and how much one person follows.

Revision: 0017, after 0016
"""

from __future__ import annotations

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Carry the database forward."""
    with op.batch_alter_table("access") as access:
        access.drop_constraint(op.f("ck_access_what"), type_="check")
        access.create_check_constraint(op.f("ck_access_what"), "what IN ('user', 'chat', 'server')")
    op.create_index(op.f("ix_subscription_created_by"), "subscription", ["created_by"])
