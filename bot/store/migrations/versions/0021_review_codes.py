"""Codes for deciding in another chat that hold for a day; those from before hold no longer.

Revision: 0021, after 0020
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Carry the database forward."""
    op.add_column("subscription", sa.Column("review_code_until", sa.BigInteger(), nullable=True))
