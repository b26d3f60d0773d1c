"""Since when a page cannot be read and who was told, where its coverage goes on, and notes about it to the chats.

Revision: 0006, after 0005
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Carry the database forward."""
    op.add_column("source", sa.Column("failing_since", sa.BigInteger(), nullable=True))
    op.add_column("source", sa.Column("told_at", sa.BigInteger(), nullable=True))
    op.add_column("source", sa.Column("successor", sa.Text(), server_default="", nullable=False))
    op.add_column("source", sa.Column("every", sa.Float(), nullable=True))
    with op.batch_alter_table("entry", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_entry_kind"), type_="check")
        batch_op.create_check_constraint(op.f("ck_entry_kind"), "kind IN ('entry', 'summary', 'end', 'note')")
