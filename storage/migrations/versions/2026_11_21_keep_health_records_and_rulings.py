"""Health records of children, and court rulings; both sealed.

Revision: 5be07c913d6a
Follows: 33e4f2322def
"""

import sqlalchemy as sa
from alembic import op

revision = '5be07c913d6a'
down_revision = '33e4f2322def'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('health_records',
    sa.Column('child_id', sa.String(length=32), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('content', sa.Text(), nullable=False),
    sa.Column('checked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_by', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['changed_by'], ['accounts.id'], name=op.f('fk_health_records_changed_by_accounts')),
    sa.ForeignKeyConstraint(['child_id'], ['children.id'], name=op.f('fk_health_records_child_id_children')),
    sa.PrimaryKeyConstraint('child_id', name=op.f('pk_health_records'))
    )
    op.create_table('court_rulings',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('dossier_id', sa.String(length=32), nullable=False),
    sa.Column('child_id', sa.String(length=32), nullable=True),
    sa.Column('document_id', sa.String(length=32), nullable=True),
    sa.Column('content', sa.Text(), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('recorded_by', sa.String(length=32), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_by', sa.String(length=32), nullable=True),
    sa.ForeignKeyConstraint(['child_id'], ['children.id'], name=op.f('fk_court_rulings_child_id_children')),
    sa.ForeignKeyConstraint(['document_id'], ['documents.id'], name=op.f('fk_court_rulings_document_id_documents')),
    sa.ForeignKeyConstraint(['dossier_id'], ['dossiers.id'], name=op.f('fk_court_rulings_dossier_id_dossiers')),
    sa.ForeignKeyConstraint(['ended_by'], ['accounts.id'], name=op.f('fk_court_rulings_ended_by_accounts')),
    sa.ForeignKeyConstraint(['recorded_by'], ['accounts.id'], name=op.f('fk_court_rulings_recorded_by_accounts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_court_rulings'))
    )
    with op.batch_alter_table('court_rulings', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_court_rulings_child_id'), ['child_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_court_rulings_dossier_id'), ['dossier_id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('court_rulings', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_court_rulings_dossier_id'))
        batch_op.drop_index(batch_op.f('ix_court_rulings_child_id'))

    op.drop_table('court_rulings')
    op.drop_table('health_records')
