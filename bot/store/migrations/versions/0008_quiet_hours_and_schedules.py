"""Quiet hours of chats, schedules of subscriptions, and which entries may pass both.

Revision: 0008, after 0007
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Carry the database forward."""
    op.add_column("entry", sa.Column("breaking", sa.Integer(), server_default="0", nullable=False))
    op.add_column("chat", sa.Column("quiet", sa.Text(), server_default="", nullable=False))
    op.add_column("chat", sa.Column("quiet_from", sa.BigInteger(), nullable=True))
    op.add_column("chat", sa.Column("quiet_until", sa.BigInteger(), nullable=True))
    op.create_index(op.f("ix_chat_quiet_until"), "chat", ["quiet_until"])
    op.add_column("subscription", sa.Column("schedule", sa.Text(), server_default="", nullable=False))
    op.add_column("subscription", sa.Column("next_digest_at", sa.BigInteger(), nullable=True))
    op.create_index(op.f("ix_subscription_next_digest_at"), "subscription", ["next_digest_at"])
    op.add_column("delivery", sa.Column("gathered", sa.Integer(), server_default="0", nullable=False))
