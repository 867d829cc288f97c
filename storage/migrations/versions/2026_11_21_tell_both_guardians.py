"""The children whose other guardians are told of a dossier that is no registration.

Revision: 8e2d51c07ab4
Follows: 3ad0c8e51f64
"""

import sqlalchemy as sa
from alembic import op

revision = '8e2d51c07ab4'
down_revision = '3ad0c8e51f64'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('dossier_children',
    sa.Column('dossier_id', sa.String(length=32), nullable=False),
    sa.Column('child_id', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['child_id'], ['children.id'], name=op.f('fk_dossier_children_child_id_children')),
    sa.ForeignKeyConstraint(['dossier_id'], ['dossiers.id'], name=op.f('fk_dossier_children_dossier_id_dossiers')),
    sa.PrimaryKeyConstraint('dossier_id', 'child_id', name=op.f('pk_dossier_children'))
    )
    with op.batch_alter_table('dossier_children', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_dossier_children_child_id'), ['child_id'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('dossier_children', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_dossier_children_child_id'))

    op.drop_table('dossier_children')
