"""Second factors and their recovery codes, absences; staff signs in again, with both factors.

Revision: 84baa32f4213
Follows: 67b1d2fcebec
"""

import sqlalchemy as sa
from alembic import op

revision = '84baa32f4213'
down_revision = '67b1d2fcebec'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('absences',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('account_id', sa.String(length=32), nullable=False),
    sa.Column('cover_id', sa.String(length=32), nullable=True),
    sa.Column('begins_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('fields', sa.JSON(), nullable=False),
    sa.Column('said_by', sa.String(length=32), nullable=False),
    sa.Column('said_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_absences_account_id_accounts')),
    sa.ForeignKeyConstraint(['cover_id'], ['accounts.id'], name=op.f('fk_absences_cover_id_accounts')),
    sa.ForeignKeyConstraint(['said_by'], ['accounts.id'], name=op.f('fk_absences_said_by_accounts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_absences'))
    )
    with op.batch_alter_table('absences', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_absences_account_id_ends_at'), ['account_id', 'ends_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_absences_cover_id_ends_at'), ['cover_id', 'ends_at'], unique=False)

    op.create_table('recovery_codes',
    sa.Column('code_hash', sa.String(length=64), nullable=False),
    sa.Column('account_id', sa.String(length=32), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_recovery_codes_account_id_accounts')),
    sa.PrimaryKeyConstraint('code_hash', name=op.f('pk_recovery_codes'))
    )
    with op.batch_alter_table('recovery_codes', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_recovery_codes_account_id'), ['account_id'], unique=False)

    op.create_table('second_factors',
    sa.Column('account_id', sa.String(length=32), nullable=False),
    sa.Column('secret', sa.String(length=500), nullable=False),
    sa.Column('pending', sa.String(length=500), nullable=False),
    sa.Column('proven_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('last_step', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_second_factors_account_id_accounts')),
    sa.PrimaryKeyConstraint('account_id', name=op.f('pk_second_factors'))
    )
    with op.batch_alter_table('accounts', schema=None) as batch_op:
        batch_op.add_column(sa.Column('seen_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('is_example', sa.Boolean(), server_default=sa.false(), nullable=False))

    with op.batch_alter_table('sessions', schema=None) as batch_op:
        batch_op.add_column(sa.Column('waits_for', sa.String(length=20), server_default='', nullable=False))

    staff = "SELECT id FROM accounts WHERE role IN ('agent', 'admin')"
    op.execute(f"DELETE FROM sessions WHERE account_id IN ({staff})")


def downgrade() -> None:
    with op.batch_alter_table('sessions', schema=None) as batch_op:
        batch_op.drop_column('waits_for')

    with op.batch_alter_table('accounts', schema=None) as batch_op:
        batch_op.drop_column('is_example')
        batch_op.drop_column('seen_at')

    op.drop_table('second_factors')
    with op.batch_alter_table('recovery_codes', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_recovery_codes_account_id'))

    op.drop_table('recovery_codes')
    with op.batch_alter_table('absences', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_absences_cover_id_ends_at'))
        batch_op.drop_index(batch_op.f('ix_absences_account_id_ends_at'))

    op.drop_table('absences')
