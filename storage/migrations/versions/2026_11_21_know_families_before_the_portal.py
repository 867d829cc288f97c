"""Families may be known before any dossier, from lists of the town's; two may be found to be one.

Revision: 8c75b49d73d7
Follows: 9e41c7d2ab60
"""

import sqlalchemy as sa
from alembic import op

revision = '8c75b49d73d7'
down_revision = '9e41c7d2ab60'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('doubles',
    sa.Column('first_id', sa.String(length=32), nullable=False),
    sa.Column('second_id', sa.String(length=32), nullable=False),
    sa.Column('reasons', sa.JSON(), nullable=False),
    sa.Column('found_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('dismissed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('dismissed_by', sa.String(length=32), nullable=True),
    sa.ForeignKeyConstraint(['dismissed_by'], ['accounts.id'], name=op.f('fk_doubles_dismissed_by_accounts')),
    sa.ForeignKeyConstraint(['first_id'], ['accounts.id'], name=op.f('fk_doubles_first_id_accounts')),
    sa.ForeignKeyConstraint(['second_id'], ['accounts.id'], name=op.f('fk_doubles_second_id_accounts')),
    sa.PrimaryKeyConstraint('first_id', 'second_id', name=op.f('pk_doubles'))
    )
    with op.batch_alter_table('doubles', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_doubles_dismissed_at_found_at'), ['dismissed_at', 'found_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_doubles_second_id'), ['second_id'], unique=False)

    op.create_table('family_files',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('content', sa.Text(), nullable=False),
    sa.Column('report', sa.Text(), nullable=False),
    sa.Column('name', sa.String(length=160), nullable=False),
    sa.Column('given_by', sa.String(length=32), nullable=False),
    sa.Column('given_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('stage', sa.String(length=12), nullable=False),
    sa.Column('lines', sa.Integer(), nullable=False),
    sa.Column('done', sa.Integer(), nullable=False),
    sa.Column('counts', sa.JSON(), nullable=False),
    sa.Column('worked_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['given_by'], ['accounts.id'], name=op.f('fk_family_files_given_by_accounts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_family_files'))
    )
    with op.batch_alter_table('family_files', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_family_files_given_at'), ['given_at'], unique=False)

    op.create_table('merged_accounts',
    sa.Column('account_id', sa.String(length=32), nullable=False),
    sa.Column('into_id', sa.String(length=32), nullable=False),
    sa.Column('merged_by', sa.String(length=32), nullable=False),
    sa.Column('merged_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_merged_accounts_account_id_accounts')),
    sa.ForeignKeyConstraint(['into_id'], ['accounts.id'], name=op.f('fk_merged_accounts_into_id_accounts')),
    sa.ForeignKeyConstraint(['merged_by'], ['accounts.id'], name=op.f('fk_merged_accounts_merged_by_accounts')),
    sa.PrimaryKeyConstraint('account_id', name=op.f('pk_merged_accounts'))
    )
    with op.batch_alter_table('merged_accounts', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_merged_accounts_into_id'), ['into_id'], unique=False)

    op.create_table('activations',
    sa.Column('account_id', sa.String(length=32), nullable=False),
    sa.Column('n', sa.Integer(), nullable=False),
    sa.Column('asked_by', sa.String(length=32), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('letter_id', sa.String(length=32), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_activations_account_id_accounts')),
    sa.ForeignKeyConstraint(['asked_by'], ['accounts.id'], name=op.f('fk_activations_asked_by_accounts')),
    sa.ForeignKeyConstraint(['letter_id'], ['letters.id'], name=op.f('fk_activations_letter_id_letters')),
    sa.PrimaryKeyConstraint('account_id', 'n', name=op.f('pk_activations'))
    )
    with op.batch_alter_table('activations', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_activations_ended_at_due_at'), ['ended_at', 'due_at'], unique=False)

    _set_aside()
    with op.batch_alter_table('children', schema=None) as batch_op:
        batch_op.add_column(sa.Column('imported', sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column('same_as', sa.String(length=32), nullable=True))
        batch_op.alter_column('dossier_id',
               existing_type=sa.VARCHAR(length=32),
               nullable=True)
        batch_op.create_index(batch_op.f('ix_children_birth_date'), ['birth_date'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_children_same_as_children'), 'children', ['same_as'], ['id'])

    _put_back()
    with op.batch_alter_table('families', schema=None) as batch_op:
        batch_op.add_column(sa.Column('imported', sa.JSON(), nullable=True))

    with op.batch_alter_table('guardians', schema=None) as batch_op:
        batch_op.add_column(sa.Column('imported', sa.JSON(), nullable=True))
        batch_op.create_index(batch_op.f('ix_guardians_account_id'), ['account_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_guardians_email'), ['email'], unique=False)
        batch_op.create_index(batch_op.f('ix_guardians_sort_key'), ['sort_key'], unique=False)



# SQLite makes a table anew to let a column be empty: meanwhile nothing may point at its rows.
_POINT_AT_CHILDREN = ("guardianships", "contacts")


def _set_aside() -> None:
    if op.get_bind().dialect.name != "sqlite":
        return
    for table in _POINT_AT_CHILDREN:
        op.execute(f"CREATE TABLE aside_{table} AS SELECT * FROM {table}")
        op.execute(f"DELETE FROM {table}")


def _put_back() -> None:
    if op.get_bind().dialect.name != "sqlite":
        return
    for table in _POINT_AT_CHILDREN:
        op.execute(f"INSERT INTO {table} SELECT * FROM aside_{table}")
        op.execute(f"DROP TABLE aside_{table}")


def downgrade() -> None:
    with op.batch_alter_table('guardians', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_guardians_sort_key'))
        batch_op.drop_index(batch_op.f('ix_guardians_email'))
        batch_op.drop_index(batch_op.f('ix_guardians_account_id'))
        batch_op.drop_column('imported')

    with op.batch_alter_table('families', schema=None) as batch_op:
        batch_op.drop_column('imported')

    # Children without a dossier did not exist before.
    nobody = "SELECT id FROM children WHERE dossier_id IS NULL"
    op.execute("UPDATE children SET same_as = NULL")
    for table in ("guardianships", "contacts"):
        op.execute(f"DELETE FROM {table} WHERE child_id IN ({nobody})")
    op.execute("DELETE FROM children WHERE dossier_id IS NULL")
    _set_aside()
    with op.batch_alter_table('children', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_children_same_as_children'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_children_birth_date'))
        batch_op.alter_column('dossier_id',
               existing_type=sa.VARCHAR(length=32),
               nullable=False)
        batch_op.drop_column('same_as')
        batch_op.drop_column('imported')

    _put_back()
    with op.batch_alter_table('activations', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_activations_ended_at_due_at'))

    op.drop_table('activations')
    with op.batch_alter_table('merged_accounts', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_merged_accounts_into_id'))

    op.drop_table('merged_accounts')
    with op.batch_alter_table('family_files', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_family_files_given_at'))

    op.drop_table('family_files')
    with op.batch_alter_table('doubles', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_doubles_second_id'))
        batch_op.drop_index(batch_op.f('ix_doubles_dismissed_at_found_at'))

    op.drop_table('doubles')
