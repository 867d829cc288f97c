"""Documents that stand for several dossiers, where they did, and what families say of their income.

Revision: 33e4f2322def
Follows: 468f70f93f55
"""

import sqlalchemy as sa
from alembic import op

revision = '33e4f2322def'
down_revision = '468f70f93f55'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('quotients',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('account_id', sa.String(length=32), nullable=False),
    sa.Column('value', sa.Integer(), nullable=False),
    sa.Column('month', sa.String(length=7), nullable=False),
    sa.Column('source', sa.String(length=10), nullable=False),
    sa.Column('document_id', sa.String(length=32), nullable=True),
    sa.Column('declared_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('declared_by', sa.String(length=32), nullable=False),
    sa.Column('verdict', sa.String(length=10), nullable=False),
    sa.Column('verified_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('verified_by', sa.String(length=32), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_quotients_account_id_accounts')),
    sa.ForeignKeyConstraint(['declared_by'], ['accounts.id'], name=op.f('fk_quotients_declared_by_accounts')),
    sa.ForeignKeyConstraint(['document_id'], ['documents.id'], name=op.f('fk_quotients_document_id_documents')),
    sa.ForeignKeyConstraint(['verified_by'], ['accounts.id'], name=op.f('fk_quotients_verified_by_accounts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_quotients'))
    )
    with op.batch_alter_table('quotients', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_quotients_account_id_declared_at'), ['account_id', 'declared_at'], unique=False)

    op.create_table('wallet',
    sa.Column('document_id', sa.String(length=32), nullable=False),
    sa.Column('account_id', sa.String(length=32), nullable=False),
    sa.Column('child_id', sa.String(length=32), nullable=True),
    sa.Column('piece', sa.String(length=40), nullable=False),
    sa.Column('valid_until', sa.Date(), nullable=True),
    sa.Column('proves', sa.String(length=16), nullable=False),
    sa.Column('put_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_wallet_account_id_accounts')),
    sa.ForeignKeyConstraint(['child_id'], ['children.id'], name=op.f('fk_wallet_child_id_children')),
    sa.ForeignKeyConstraint(['document_id'], ['documents.id'], name=op.f('fk_wallet_document_id_documents')),
    sa.PrimaryKeyConstraint('document_id', name=op.f('pk_wallet'))
    )
    with op.batch_alter_table('wallet', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_wallet_account_id_piece'), ['account_id', 'piece'], unique=False)
        batch_op.create_index(batch_op.f('ix_wallet_child_id'), ['child_id'], unique=False)

    op.create_table('wallet_uses',
    sa.Column('dossier_id', sa.String(length=32), nullable=False),
    sa.Column('piece', sa.String(length=40), nullable=False),
    sa.Column('document_id', sa.String(length=32), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['document_id'], ['documents.id'], name=op.f('fk_wallet_uses_document_id_documents')),
    sa.ForeignKeyConstraint(['dossier_id'], ['dossiers.id'], name=op.f('fk_wallet_uses_dossier_id_dossiers')),
    sa.PrimaryKeyConstraint('dossier_id', 'piece', 'document_id', name=op.f('pk_wallet_uses'))
    )
    with op.batch_alter_table('wallet_uses', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_wallet_uses_document_id'), ['document_id'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('wallet_uses', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_wallet_uses_document_id'))

    op.drop_table('wallet_uses')
    with op.batch_alter_table('wallet', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_wallet_child_id'))
        batch_op.drop_index(batch_op.f('ix_wallet_account_id_piece'))

    op.drop_table('wallet')
    with op.batch_alter_table('quotients', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_quotients_account_id_declared_at'))

    op.drop_table('quotients')
