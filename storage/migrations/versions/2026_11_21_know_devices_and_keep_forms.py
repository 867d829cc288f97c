"""Sessions that people recognise, forms that came too late for them, changes of address.

Revision: 01f2b24aa2d7
Follows: 5d0c1e7a9b42
"""

import sqlalchemy as sa
from alembic import op

revision = '01f2b24aa2d7'
down_revision = '5d0c1e7a9b42'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('kept_forms',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('browser_hash', sa.String(length=64), nullable=False),
    sa.Column('owner', sa.String(length=16), nullable=False),
    sa.Column('page', sa.String(length=300), nullable=False),
    sa.Column('action', sa.String(length=300), nullable=False),
    sa.Column('fields', sa.Text(), nullable=False),
    sa.Column('kept_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('session_id', sa.String(length=32), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_kept_forms'))
    )
    with op.batch_alter_table('kept_forms', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_kept_forms_browser_hash'), ['browser_hash'], unique=False)
        batch_op.create_index(batch_op.f('ix_kept_forms_kept_at'), ['kept_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_kept_forms_session_id'), ['session_id'], unique=False)

    op.create_table('address_changes',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('account_id', sa.String(length=32), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('old_link_id', sa.String(length=32), nullable=True),
    sa.Column('new_link_id', sa.String(length=32), nullable=True),
    sa.Column('old_said_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('new_said_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('outcome', sa.String(length=20), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_address_changes_account_id_accounts')),
    sa.ForeignKeyConstraint(['new_link_id'], ['access_links.id'], name=op.f('fk_address_changes_new_link_id_access_links')),
    sa.ForeignKeyConstraint(['old_link_id'], ['access_links.id'], name=op.f('fk_address_changes_old_link_id_access_links')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_address_changes')),
    sa.UniqueConstraint('new_link_id', name=op.f('uq_address_changes_new_link_id')),
    sa.UniqueConstraint('old_link_id', name=op.f('uq_address_changes_old_link_id'))
    )
    with op.batch_alter_table('address_changes', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_address_changes_account_id_asked_at'), ['account_id', 'asked_at'], unique=False)

    with op.batch_alter_table('access_links', schema=None) as batch_op:
        batch_op.add_column(sa.Column('purpose', sa.String(length=20), server_default='', nullable=False))

    with op.batch_alter_table('sessions', schema=None) as batch_op:
        batch_op.add_column(sa.Column('id', sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column('device', sa.String(length=80), server_default='', nullable=False))
        batch_op.add_column(sa.Column('place', sa.String(length=64), server_default='', nullable=False))
        batch_op.add_column(sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('has_kept_forms', sa.Boolean(), server_default=sa.false(), nullable=False))

    op.execute('UPDATE sessions SET id = substr(token_hash, 1, 32)')
    with op.batch_alter_table('sessions', schema=None) as batch_op:
        batch_op.alter_column('id', existing_type=sa.String(length=32), nullable=False)
        batch_op.create_unique_constraint(batch_op.f('uq_sessions_id'), ['id'])



def downgrade() -> None:
    with op.batch_alter_table('sessions', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('uq_sessions_id'), type_='unique')
        batch_op.drop_column('has_kept_forms')
        batch_op.drop_column('confirmed_at')
        batch_op.drop_column('place')
        batch_op.drop_column('device')
        batch_op.drop_column('id')

    with op.batch_alter_table('access_links', schema=None) as batch_op:
        batch_op.drop_column('purpose')

    with op.batch_alter_table('address_changes', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_address_changes_account_id_asked_at'))

    op.drop_table('address_changes')
    with op.batch_alter_table('kept_forms', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_kept_forms_session_id'))
        batch_op.drop_index(batch_op.f('ix_kept_forms_kept_at'))
        batch_op.drop_index(batch_op.f('ix_kept_forms_browser_hash'))

    op.drop_table('kept_forms')
