"""The same story twice: chats that fold, what speaks for what, and messages that are worded anew.

Revision: 0019, after 0018
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_URGENCY = """
CASE WHEN act IS NOT NULL THEN 0
     WHEN wanted = 0 AND shown > 0 THEN 1
     WHEN wanted > 0 AND shown = 0 THEN 2
     WHEN wanted <> shown THEN 3
     WHEN wording_wanted <> wording_shown AND shown > 0 THEN 3
     WHEN pin_wanted <> pin_shown AND shown > 0 THEN 4
     ELSE 5 END
"""


def upgrade() -> None:
    """Carry the database forward."""
    op.add_column("chat", sa.Column("fold", sa.Integer(), server_default="0", nullable=False))
    for name in ("wording_wanted", "wording_shown", "alone"):
        op.add_column("delivery", sa.Column(name, sa.Integer(), server_default="0", nullable=False))
    # What a column is computed from cannot be changed: it is made anew, on SQLite with the whole table.
    op.drop_index("ix_delivery_turn", "delivery")
    with op.batch_alter_table("delivery") as delivery:
        delivery.drop_column("urgency")
    with op.batch_alter_table("delivery", recreate="auto") as delivery:
        delivery.add_column(sa.Column("urgency", sa.Integer(), sa.Computed(_URGENCY, persisted=True), nullable=True))
    op.create_index(
        "ix_delivery_turn",
        "delivery",
        ["lane_id", "urgency", "rank"],
        unique=False,
        sqlite_where=sa.text("state = 'due'"),
        postgresql_where=sa.text("state = 'due'"),
    )
