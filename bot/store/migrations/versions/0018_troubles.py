"""Who must hear that nothing can be posted in a chat that they subscribed.

Revision: 0018, after 0017
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Carry the database forward."""
    op.create_table(
        "trouble",
        sa.Column("chat_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.Column("tried_at", sa.BigInteger(), nullable=True),
        sa.Column("told_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("state IN ('found', 'told', 'over', 'closed')", name=op.f("ck_trouble_state")),
        sa.ForeignKeyConstraint(["chat_id"], ["chat.id"], name=op.f("fk_trouble_chat_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("chat_id", "person", name=op.f("pk_trouble")),
    )
    op.create_index(op.f("ix_trouble_due_at"), "trouble", ["due_at"], unique=False)
