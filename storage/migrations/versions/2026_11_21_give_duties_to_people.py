"""What each agent and system does for the town, in the place of one department.

Who is there keeps what it sees: its department, or all of them, with every reserved group. Programs
read the reserved groups by a scope of their own, which no token has yet.

Revision: 7c4f09a3be15
Follows: e0e485903fdf
"""

import sqlalchemy as sa
from alembic import op

revision = "7c4f09a3be15"
down_revision = "e0e485903fdf"
branch_labels = None
depends_on = None

_EVERY_GROUP = ["custody", "health"]


def upgrade() -> None:
    with op.batch_alter_table("accounts") as batch_op:
        batch_op.add_column(sa.Column("duties", sa.JSON(), server_default="[]", nullable=False))
    with op.batch_alter_table("dossiers") as batch_op:
        batch_op.create_index(batch_op.f("ix_dossiers_submitted_at"), ["submitted_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_dossiers_decided_at"), ["decided_at"], unique=False)
    db = op.get_bind()
    people = sa.text("SELECT id, department FROM accounts WHERE role IN ('agent', 'system')")
    give = sa.text("UPDATE accounts SET duties = :duties WHERE id = :id").bindparams(
        sa.bindparam("duties", type_=sa.JSON())
    )
    for row in db.execute(people).all():
        duties = [{"department": row.department, "fields": _EVERY_GROUP}]
        db.execute(give, {"id": row.id, "duties": duties})


def downgrade() -> None:
    with op.batch_alter_table("dossiers") as batch_op:
        batch_op.drop_index(batch_op.f("ix_dossiers_decided_at"))
        batch_op.drop_index(batch_op.f("ix_dossiers_submitted_at"))
    with op.batch_alter_table("accounts") as batch_op:
        batch_op.drop_column("duties")
