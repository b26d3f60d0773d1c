"""Answers in channels, which are taken away.

Revision: 0016, after 0015
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Carry the database forward."""
    op.create_table(
        "leftover",
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("bot", sa.Text(), nullable=False),
        sa.Column("chat", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("said_at", sa.BigInteger(), nullable=False),
        sa.Column("remove_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("platform", "bot", "chat", "message_id", name=op.f("pk_leftover")),
    )
    op.create_index(op.f("ix_leftover_remove_at"), "leftover", ["remove_at"], unique=False)
