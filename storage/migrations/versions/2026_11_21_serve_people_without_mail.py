"""Agents may type for families, letters may be printed, and an address may come later.

Families are found by the parents' names as well: the words of those there are, are written again.

Revision: e0e485903fdf
Follows: 01f2b24aa2d7
"""

import sqlalchemy as sa
from alembic import op

from storage.search_words import words_of_account

revision = 'e0e485903fdf'
down_revision = '01f2b24aa2d7'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('visits',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('session_id', sa.String(length=32), nullable=False),
    sa.Column('agent_id', sa.String(length=32), nullable=False),
    sa.Column('family_id', sa.String(length=32), nullable=False),
    sa.Column('mode', sa.String(length=10), nullable=False),
    sa.Column('begun_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('until', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['agent_id'], ['accounts.id'], name=op.f('fk_visits_agent_id_accounts')),
    sa.ForeignKeyConstraint(['family_id'], ['accounts.id'], name=op.f('fk_visits_family_id_accounts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_visits'))
    )
    with op.batch_alter_table('visits', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_visits_ended_at_until'), ['ended_at', 'until'], unique=False)
        batch_op.create_index(batch_op.f('ix_visits_session_id_ended_at'), ['session_id', 'ended_at'], unique=False)

    op.create_table('attachments',
    sa.Column('link_id', sa.String(length=32), nullable=False),
    sa.Column('account_id', sa.String(length=32), nullable=False),
    sa.Column('asked_by', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_attachments_account_id_accounts')),
    sa.ForeignKeyConstraint(['asked_by'], ['accounts.id'], name=op.f('fk_attachments_asked_by_accounts')),
    sa.ForeignKeyConstraint(['link_id'], ['access_links.id'], name=op.f('fk_attachments_link_id_access_links')),
    sa.PrimaryKeyConstraint('link_id', name=op.f('pk_attachments'))
    )
    with op.batch_alter_table('attachments', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_attachments_account_id'), ['account_id'], unique=False)

    with op.batch_alter_table('dossiers', schema=None) as batch_op:
        batch_op.add_column(sa.Column('origin', sa.String(length=10), server_default='portal', nullable=False))

    with op.batch_alter_table('letters', schema=None) as batch_op:
        batch_op.add_column(sa.Column('printed_at', sa.DateTime(timezone=True), nullable=True))

    _find_by_names()


def _find_by_names() -> None:
    db = op.get_bind()
    for row in db.execute(sa.text("SELECT id, email, name FROM accounts WHERE role = 'parent'")).all():
        new = words_of_account(row.email, row.name) - words_of_account(row.email)
        rows = [{"owner": row.id, "word": word} for word in sorted(new)]
        if rows:
            db.execute(sa.text("INSERT INTO account_words (account_id, word) VALUES (:owner, :word)"), rows)


def downgrade() -> None:
    with op.batch_alter_table('letters', schema=None) as batch_op:
        batch_op.drop_column('printed_at')

    with op.batch_alter_table('dossiers', schema=None) as batch_op:
        batch_op.drop_column('origin')

    with op.batch_alter_table('attachments', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_attachments_account_id'))

    op.drop_table('attachments')
    with op.batch_alter_table('visits', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_visits_session_id_ended_at'))
        batch_op.drop_index(batch_op.f('ix_visits_ended_at_until'))

    op.drop_table('visits')
