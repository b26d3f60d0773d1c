"""Which server a chat stands in.

Revision: 0013, after 0012
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Carry the database forward; a server is filled in by the next command in it, or when its bot next connects."""
    op.add_column("chat", sa.Column("server", sa.Text(), nullable=False, server_default=""))
    op.create_index("ix_chat_server", "chat", ["server"])
