"""When the bot introduced itself in a chat.

Revision: 0010, after 0009
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Carry the database forward."""
    op.add_column("chat", sa.Column("greeted_at", sa.BigInteger(), nullable=True))
