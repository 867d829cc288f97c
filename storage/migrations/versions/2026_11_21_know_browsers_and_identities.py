"""Browsers that came in before, and identities that FranceConnect vouches for.

Revision: 40a575cfc1df
Follows: c4a1d86f20b7
"""

import sqlalchemy as sa
from alembic import op

revision = '40a575cfc1df'
down_revision = 'c4a1d86f20b7'
branch_labels = None
depends_on = None

def upgrade() -> None:
    op.create_table('federated_sessions',
    sa.Column('session_id', sa.String(length=32), nullable=False),
    sa.Column('id_token', sa.Text(), nullable=False),
    sa.Column('began_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('session_id', name=op.f('pk_federated_sessions'))
    )
    with op.batch_alter_table('federated_sessions', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_federated_sessions_began_at'), ['began_at'], unique=False)

    op.create_table('round_trips',
    sa.Column('state_hash', sa.String(length=64), nullable=False),
    sa.Column('browser_hash', sa.String(length=64), nullable=False),
    sa.Column('nonce', sa.String(length=64), nullable=False),
    sa.Column('verifier', sa.String(length=128), nullable=False),
    sa.Column('way', sa.String(length=300), nullable=False),
    sa.Column('began_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('state_hash', name=op.f('pk_round_trips'))
    )
    with op.batch_alter_table('round_trips', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_round_trips_began_at'), ['began_at'], unique=False)

    op.create_table('identity_offers',
    sa.Column('link_id', sa.String(length=32), nullable=False),
    sa.Column('issuer', sa.String(length=200), nullable=False),
    sa.Column('subject', sa.String(length=255), nullable=False),
    sa.Column('first_name', sa.String(length=120), nullable=False),
    sa.Column('last_name', sa.String(length=120), nullable=False),
    sa.Column('browser_hash', sa.String(length=64), nullable=False),
    sa.ForeignKeyConstraint(['link_id'], ['access_links.id'], name=op.f('fk_identity_offers_link_id_access_links')),
    sa.PrimaryKeyConstraint('link_id', name=op.f('pk_identity_offers'))
    )
    op.create_table('identities',
    sa.Column('issuer', sa.String(length=200), nullable=False),
    sa.Column('subject', sa.String(length=255), nullable=False),
    sa.Column('account_id', sa.String(length=32), nullable=False),
    sa.Column('first_name', sa.String(length=120), nullable=False),
    sa.Column('last_name', sa.String(length=120), nullable=False),
    sa.Column('linked_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_identities_account_id_accounts')),
    sa.PrimaryKeyConstraint('issuer', 'subject', name=op.f('pk_identities'))
    )
    with op.batch_alter_table('identities', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_identities_account_id'), ['account_id'], unique=False)

    op.create_table('known_browsers',
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('account_id', sa.String(length=32), nullable=False),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_known_browsers_account_id_accounts')),
    sa.PrimaryKeyConstraint('token_hash', name=op.f('pk_known_browsers'))
    )
    with op.batch_alter_table('known_browsers', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_known_browsers_account_id'), ['account_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_known_browsers_seen_at'), ['seen_at'], unique=False)

    # ### end Alembic commands ###

def downgrade() -> None:
    with op.batch_alter_table('known_browsers', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_known_browsers_seen_at'))
        batch_op.drop_index(batch_op.f('ix_known_browsers_account_id'))

    op.drop_table('known_browsers')
    with op.batch_alter_table('identities', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_identities_account_id'))

    op.drop_table('identities')
    op.drop_table('identity_offers')
    with op.batch_alter_table('round_trips', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_round_trips_began_at'))

    op.drop_table('round_trips')
    with op.batch_alter_table('federated_sessions', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_federated_sessions_began_at'))

    op.drop_table('federated_sessions')
