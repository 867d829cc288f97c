"""With whom a child lives, and since when: for few to read, and therefore sealed.

Revision: fd63fc1ed7c8
Follows: 63d8b4be33b1
"""

import sqlalchemy as sa
from alembic import op

revision = 'fd63fc1ed7c8'
down_revision = '63d8b4be33b1'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('children') as batch_op:
        batch_op.add_column(sa.Column('custody', sa.Text(), server_default='', nullable=False))



def downgrade() -> None:
    with op.batch_alter_table('children') as batch_op:
        batch_op.drop_column('custody')
