"""What the antivirus said of each document; those that are there were never shown to one.

Revision: 1daf3e81de76
Follows: 25ba3c139811
"""

import sqlalchemy as sa
from alembic import op

revision = "1daf3e81de76"
down_revision = "25ba3c139811"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("documents") as batch_op:
        batch_op.add_column(sa.Column("scan", sa.String(length=20), server_default="unscanned", nullable=False))
        batch_op.add_column(sa.Column("scan_tried_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index(batch_op.f("ix_documents_scan_scan_tried_at"), ["scan", "scan_tried_at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("documents") as batch_op:
        batch_op.drop_index(batch_op.f("ix_documents_scan_scan_tried_at"))
        batch_op.drop_column("scan_tried_at")
        batch_op.drop_column("scan")
