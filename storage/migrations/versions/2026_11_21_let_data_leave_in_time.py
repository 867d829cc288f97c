"""What leaves when its time is over: departures, warnings, what is held back, what each night did.

Revision: 49eb7fa70e5c
Follows: b41c77d09e35
"""

import sqlalchemy as sa
from alembic import op

revision = '49eb7fa70e5c'
down_revision = 'b41c77d09e35'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('erasure_lines',
    sa.Column('night', sa.Date(), nullable=False),
    sa.Column('category', sa.String(length=20), nullable=False),
    sa.Column('erased', sa.Integer(), nullable=False),
    sa.Column('warned', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('night', 'category', name=op.f('pk_erasure_lines'))
    )
    op.create_table('erasure_nights',
    sa.Column('night', sa.Date(), nullable=False),
    sa.Column('began_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('night', name=op.f('pk_erasure_nights'))
    )
    op.create_table('erasure_warnings',
    sa.Column('category', sa.String(length=20), nullable=False),
    sa.Column('subject_id', sa.String(length=32), nullable=False),
    sa.Column('account_id', sa.String(length=32), nullable=False),
    sa.Column('warned_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('erases_on', sa.Date(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_erasure_warnings_account_id_accounts')),
    sa.PrimaryKeyConstraint('category', 'subject_id', name=op.f('pk_erasure_warnings'))
    )
    with op.batch_alter_table('erasure_warnings', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_erasure_warnings_account_id'), ['account_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_erasure_warnings_erases_on'), ['erases_on'], unique=False)

    op.create_table('legal_holds',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('dossier_id', sa.String(length=32), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('begun_by', sa.String(length=32), nullable=False),
    sa.Column('begun_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_by', sa.String(length=32), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['begun_by'], ['accounts.id'], name=op.f('fk_legal_holds_begun_by_accounts')),
    sa.ForeignKeyConstraint(['dossier_id'], ['dossiers.id'], name=op.f('fk_legal_holds_dossier_id_dossiers')),
    sa.ForeignKeyConstraint(['ended_by'], ['accounts.id'], name=op.f('fk_legal_holds_ended_by_accounts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_legal_holds'))
    )
    with op.batch_alter_table('legal_holds', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_legal_holds_dossier_id'), ['dossier_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_legal_holds_ended_at'), ['ended_at'], unique=False)

    op.create_table('departures',
    sa.Column('child_id', sa.String(length=32), nullable=False),
    sa.Column('left_on', sa.Date(), nullable=False),
    sa.Column('noted_by', sa.String(length=32), nullable=False),
    sa.Column('noted_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['child_id'], ['children.id'], name=op.f('fk_departures_child_id_children')),
    sa.ForeignKeyConstraint(['noted_by'], ['accounts.id'], name=op.f('fk_departures_noted_by_accounts')),
    sa.PrimaryKeyConstraint('child_id', name=op.f('pk_departures'))
    )


def downgrade() -> None:
    op.drop_table('departures')
    with op.batch_alter_table('legal_holds', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_legal_holds_ended_at'))
        batch_op.drop_index(batch_op.f('ix_legal_holds_dossier_id'))

    op.drop_table('legal_holds')
    with op.batch_alter_table('erasure_warnings', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_erasure_warnings_erases_on'))
        batch_op.drop_index(batch_op.f('ix_erasure_warnings_account_id'))

    op.drop_table('erasure_warnings')
    op.drop_table('erasure_nights')
    op.drop_table('erasure_lines')
