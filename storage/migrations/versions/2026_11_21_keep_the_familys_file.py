"""What the family's file says besides: a profession, since when and until when, another school.

Revision: 7fea9f12bb41
Follows: 8c75b49d73d7
"""

import sqlalchemy as sa
from alembic import op

revision = '7fea9f12bb41'
down_revision = '8c75b49d73d7'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('children') as batch_op:
        batch_op.add_column(sa.Column('other_school', sa.String(length=200), server_default='', nullable=False))

    with op.batch_alter_table('contacts') as batch_op:
        batch_op.add_column(sa.Column('since', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('until', sa.Date(), nullable=True))

    with op.batch_alter_table('guardians') as batch_op:
        batch_op.add_column(sa.Column('profession', sa.String(length=120), server_default='', nullable=False))



def downgrade() -> None:
    with op.batch_alter_table('guardians') as batch_op:
        batch_op.drop_column('profession')

    with op.batch_alter_table('contacts') as batch_op:
        batch_op.drop_column('until')
        batch_op.drop_column('since')

    with op.batch_alter_table('children') as batch_op:
        batch_op.drop_column('other_school')
