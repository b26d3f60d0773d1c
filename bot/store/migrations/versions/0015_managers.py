"""Who runs a chat, and which one they manage from their private chat.

Revision: 0015, after 0014
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Carry the database forward."""
    op.create_table(
        "manager",
        sa.Column("chat_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("known_at", sa.BigInteger(), nullable=False),
        sa.Column("chosen_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["chat_id"], ["chat.id"], name=op.f("fk_manager_chat_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("chat_id", "person", name=op.f("pk_manager")),
    )
    op.create_index(op.f("ix_manager_person"), "manager", ["person"], unique=False)
