"""Who else sees a child, until when; and who asked for their data to be erased.

Revision: c4a1d86f20b7
Follows: 7c4f09a3be15
"""

import sqlalchemy as sa
from alembic import op

revision = 'c4a1d86f20b7'
down_revision = '7c4f09a3be15'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('guardian_accesses',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('dossier_id', sa.String(length=32), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('invited_by', sa.String(length=32), nullable=False),
    sa.Column('invited_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.String(length=32), nullable=True),
    sa.Column('accepted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('taken_back_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('declined_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ends_on', sa.Date(), nullable=True),
    sa.Column('ended_by', sa.String(length=32), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reason_code', sa.String(length=40), nullable=False),
    sa.Column('ruling_on', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_guardian_accesses_account_id_accounts')),
    sa.ForeignKeyConstraint(['dossier_id'], ['dossiers.id'], name=op.f('fk_guardian_accesses_dossier_id_dossiers')),
    sa.ForeignKeyConstraint(['ended_by'], ['accounts.id'], name=op.f('fk_guardian_accesses_ended_by_accounts')),
    sa.ForeignKeyConstraint(['invited_by'], ['accounts.id'], name=op.f('fk_guardian_accesses_invited_by_accounts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_guardian_accesses')),
    sa.UniqueConstraint('dossier_id', 'email', name=op.f('uq_guardian_accesses_dossier_id_email'))
    )
    with op.batch_alter_table('guardian_accesses', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_guardian_accesses_account_id'), ['account_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_guardian_accesses_email'), ['email'], unique=False)

    op.create_table('erasure_requests',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('account_id', sa.String(length=32), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('cancelled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('done_by', sa.String(length=32), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_erasure_requests_account_id_accounts')),
    sa.ForeignKeyConstraint(['done_by'], ['accounts.id'], name=op.f('fk_erasure_requests_done_by_accounts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_erasure_requests'))
    )
    with op.batch_alter_table('erasure_requests', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_erasure_requests_account_id'), ['account_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_erasure_requests_done_at_due_on'), ['done_at', 'due_on'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('erasure_requests', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_erasure_requests_done_at_due_on'))
        batch_op.drop_index(batch_op.f('ix_erasure_requests_account_id'))

    op.drop_table('erasure_requests')
    with op.batch_alter_table('guardian_accesses', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_guardian_accesses_email'))
        batch_op.drop_index(batch_op.f('ix_guardian_accesses_account_id'))

    op.drop_table('guardian_accesses')
