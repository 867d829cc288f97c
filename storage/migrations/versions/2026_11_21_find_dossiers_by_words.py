"""The words by which agents find dossiers, each through an index; those of the dossiers there are.

Revision: 374bcd0023b6
Follows: 90d6626e53da
"""

import sqlalchemy as sa
from alembic import op

from storage.search_words import words_of_account, words_of_dossier

revision = '374bcd0023b6'
down_revision = '90d6626e53da'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('account_words',
    sa.Column('word', sa.String(length=120).with_variant(sa.String(length=120, collation='C'), 'postgresql'), nullable=False),
    sa.Column('account_id', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_account_words_account_id_accounts')),
    sa.PrimaryKeyConstraint('word', 'account_id', name=op.f('pk_account_words'))
    )
    with op.batch_alter_table('account_words', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_account_words_account_id'), ['account_id'], unique=False)

    op.create_table('dossier_words',
    sa.Column('word', sa.String(length=120).with_variant(sa.String(length=120, collation='C'), 'postgresql'), nullable=False),
    sa.Column('dossier_id', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['dossier_id'], ['dossiers.id'], name=op.f('fk_dossier_words_dossier_id_dossiers')),
    sa.PrimaryKeyConstraint('word', 'dossier_id', name=op.f('pk_dossier_words'))
    )
    with op.batch_alter_table('dossier_words', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_dossier_words_dossier_id'), ['dossier_id'], unique=False)

    _fill()


def _fill() -> None:
    db = op.get_bind()
    for row in db.execute(sa.text("SELECT id, number, child_name FROM dossiers")).all():
        _add("dossier_words", "dossier_id", row.id, words_of_dossier(row.number, row.child_name))
    for row in db.execute(sa.text("SELECT id, email FROM accounts")).all():
        _add("account_words", "account_id", row.id, words_of_account(row.email))


def _add(table: str, owner: str, owner_id: str, words: frozenset[str]) -> None:
    rows = [{"owner": owner_id, "word": word} for word in sorted(words)]
    op.get_bind().execute(sa.text(f"INSERT INTO {table} ({owner}, word) VALUES (:owner, :word)"), rows)


def downgrade() -> None:
    with op.batch_alter_table('dossier_words', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_dossier_words_dossier_id'))

    op.drop_table('dossier_words')
    with op.batch_alter_table('account_words', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_account_words_account_id'))

    op.drop_table('account_words')
