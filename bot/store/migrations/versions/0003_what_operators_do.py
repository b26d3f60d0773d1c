"""Pages and entries that an operator took down, and a pause of everything.

Revision: 0003, after 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Carry the database forward."""
    op.add_column("source", sa.Column("taken_down_at", sa.BigInteger(), nullable=True))
    op.add_column("entry", sa.Column("taken_down_at", sa.BigInteger(), nullable=True))
    op.create_table(
        "installation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("paused_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("id = 1", name=op.f("ck_installation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_installation")),
    )
