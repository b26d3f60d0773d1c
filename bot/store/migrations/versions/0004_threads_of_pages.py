"""Threads that are opened for pages, and forums, which hold nothing else.

Revision: 0004, after 0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Carry the database forward."""
    op.add_column("subscription", sa.Column("thread", sa.Text(), server_default="", nullable=False))
    op.add_column("subscription", sa.Column("thread_tried_at", sa.BigInteger(), nullable=True))
    op.add_column("subscription", sa.Column("why", sa.Text(), server_default="", nullable=False))
    op.add_column("delivery", sa.Column("thread", sa.Text(), server_default="", nullable=False))
    with op.batch_alter_table("chat") as chat:
        chat.drop_constraint(op.f("ck_chat_kind"), type_="check")
        chat.create_check_constraint(op.f("ck_chat_kind"), "kind IN ('private', 'group', 'channel', 'forum')")
