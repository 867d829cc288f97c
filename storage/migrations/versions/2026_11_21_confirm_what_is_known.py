"""What families confirm in a dossier that starts filled in, and addresses abroad.

Revision: 63d8b4be33b1
Follows: 49eb7fa70e5c
"""

import sqlalchemy as sa
from alembic import op

revision = '63d8b4be33b1'
down_revision = '49eb7fa70e5c'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('confirmations',
    sa.Column('dossier_id', sa.String(length=32), nullable=False),
    sa.Column('section', sa.String(length=40), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['by'], ['accounts.id'], name=op.f('fk_confirmations_by_accounts')),
    sa.ForeignKeyConstraint(['dossier_id'], ['dossiers.id'], name=op.f('fk_confirmations_dossier_id_dossiers')),
    sa.PrimaryKeyConstraint('dossier_id', 'section', name=op.f('pk_confirmations'))
    )
    with op.batch_alter_table('families', schema=None) as batch_op:
        batch_op.add_column(sa.Column('country', sa.String(length=60), server_default='', nullable=False))



def downgrade() -> None:
    op.drop_column('families', 'country')
    op.drop_table('confirmations')
