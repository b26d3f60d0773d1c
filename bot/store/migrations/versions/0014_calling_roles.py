"""Roles that are called for some entries, and when they last were.

Revision: 0014, after 0013
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Carry the database forward."""
    op.add_column("lane", sa.Column("pinged_at", sa.BigInteger(), nullable=True))
    op.add_column("subscription", sa.Column("ping", sa.JSON(), server_default="{}", nullable=False))
    op.add_column("delivery", sa.Column("ping", sa.Text(), server_default="", nullable=False))
