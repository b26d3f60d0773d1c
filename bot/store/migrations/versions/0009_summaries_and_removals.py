"""What becomes of the summary in a chat, and what people had taken away.

Revision: 0009, after 0008
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Carry the database forward."""
    op.add_column("delivery", sa.Column("taken_at", sa.BigInteger(), nullable=True))
    with op.batch_alter_table("subscription") as subscription:
        subscription.add_column(sa.Column("summary", sa.Text(), server_default="pin", nullable=False))
        subscription.create_check_constraint(op.f("ck_subscription_summary"), "summary IN ('pin', 'send', 'off')")
