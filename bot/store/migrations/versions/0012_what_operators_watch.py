"""The operator's alerts, where the owner can be told of them, and what is looked up by address.

Revision: 0012, after 0011
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Carry the database forward."""
    op.create_table(
        "alert",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("headline", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("over", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), server_default="", nullable=False),
        sa.Column("began_at", sa.BigInteger(), nullable=False),
        sa.Column("told_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_alert")),
    )
    op.add_column("access", sa.Column("chat", sa.Text(), server_default="", nullable=False))
    op.create_index(op.f("ix_entry_url"), "entry", ["url"])
    dead = sa.text("state = 'dead'")
    op.create_index("ix_delivery_dead", "delivery", ["lane_id"], sqlite_where=dead, postgresql_where=dead)
