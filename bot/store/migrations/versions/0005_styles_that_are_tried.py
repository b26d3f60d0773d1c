"""A change of style that is tried before it is kept.

Revision: 0005, after 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Carry the database forward."""
    op.add_column("subscription", sa.Column("style_draft", sa.Text(), server_default="", nullable=False))
