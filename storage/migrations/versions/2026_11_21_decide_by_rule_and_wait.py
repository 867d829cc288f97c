"""Rules of a procedure from a day on; what the portal decides by rule; what holds a decision.

Revision: b41c77d09e35
Follows: 66ed65794417
"""

import sqlalchemy as sa
from alembic import op

revision = 'b41c77d09e35'
down_revision = '66ed65794417'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('dossiers', schema=None) as batch_op:
        batch_op.add_column(sa.Column('is_clear', sa.Boolean(), server_default='0', nullable=False))
        batch_op.add_column(sa.Column('alerted_at', sa.DateTime(timezone=True), nullable=True))

    op.create_table('procedure_rules',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('procedure_id', sa.String(length=32), nullable=False),
    sa.Column('effective_from', sa.Date(), nullable=False),
    sa.Column('terms', sa.JSON(), nullable=False),
    sa.Column('set_by', sa.String(length=32), nullable=False),
    sa.Column('set_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['procedure_id'], ['procedures.id'], name=op.f('fk_procedure_rules_procedure_id_procedures')),
    sa.ForeignKeyConstraint(['set_by'], ['accounts.id'], name=op.f('fk_procedure_rules_set_by_accounts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_procedure_rules'))
    )
    with op.batch_alter_table('procedure_rules', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_procedure_rules_procedure_id_effective_from_set_at'), ['procedure_id', 'effective_from', 'set_at'], unique=False)

    op.create_table('holds',
    sa.Column('id', sa.String(length=64), nullable=False),
    sa.Column('dossier_id', sa.String(length=32), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('by', sa.String(length=32), nullable=True),
    sa.Column('since', sa.DateTime(timezone=True), nullable=False),
    sa.Column('until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_by', sa.String(length=32), nullable=True),
    sa.Column('ending', sa.String(length=20), nullable=False),
    sa.Column('notices', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['by'], ['accounts.id'], name=op.f('fk_holds_by_accounts')),
    sa.ForeignKeyConstraint(['dossier_id'], ['dossiers.id'], name=op.f('fk_holds_dossier_id_dossiers')),
    sa.ForeignKeyConstraint(['ended_by'], ['accounts.id'], name=op.f('fk_holds_ended_by_accounts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_holds'))
    )
    with op.batch_alter_table('holds', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_holds_dossier_id_since'), ['dossier_id', 'since'], unique=False)
        batch_op.create_index(batch_op.f('ix_holds_ended_at'), ['ended_at'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('holds', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_holds_ended_at'))
        batch_op.drop_index(batch_op.f('ix_holds_dossier_id_since'))

    op.drop_table('holds')
    with op.batch_alter_table('procedure_rules', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_procedure_rules_procedure_id_effective_from_set_at'))

    op.drop_table('procedure_rules')
    # Not as a batch, which makes the table anew: what points at a dossier would be in the way.
    op.drop_column('dossiers', 'alerted_at')
    op.drop_column('dossiers', 'is_clear')
