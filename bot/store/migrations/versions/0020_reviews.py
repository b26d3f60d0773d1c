"""Entries that people decide on in another chat before they are posted.

Revision: 0020, after 0019
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Carry the database forward."""
    with op.batch_alter_table("subscription") as subscription:
        subscription.add_column(sa.Column("review_chat_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite")))
        subscription.add_column(sa.Column("review_code", sa.Text(), server_default="", nullable=False))
        subscription.add_column(sa.Column("review_only", sa.Integer(), server_default="0", nullable=False))
        subscription.create_foreign_key(op.f("fk_subscription_review_chat_id"), "chat", ["review_chat_id"], ["id"])
        subscription.create_index(op.f("ix_subscription_review_chat_id"), ["review_chat_id"], unique=False)
    # SQLite makes a table anew to give it a constraint, and cannot for one with a computed column.
    op.execute(
        "ALTER TABLE delivery ADD COLUMN decision TEXT DEFAULT '' NOT NULL CONSTRAINT ck_delivery_decision "
        "CHECK (decision IN ('', 'waiting', 'published', 'skipped'))"
    )
    op.add_column("delivery", sa.Column("decided_by", sa.Text(), server_default="", nullable=False))
    op.add_column("delivery", sa.Column("decided_at", sa.BigInteger(), nullable=True))
    op.add_column("delivery", sa.Column("for_review", sa.Integer(), server_default="0", nullable=False))
    op.create_index(
        "ix_delivery_waiting",
        "delivery",
        ["entry_id"],
        unique=False,
        sqlite_where=sa.text("decision = 'waiting'"),
        postgresql_where=sa.text("decision = 'waiting'"),
    )
