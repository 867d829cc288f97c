"""Consents about images, texts and who accepted them, the town's forms in PDF.

Revision: 468f70f93f55
Follows: 7fea9f12bb41
"""

import sqlalchemy as sa
from alembic import op

revision = '468f70f93f55'
down_revision = '7fea9f12bb41'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('texts',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('code', sa.String(length=20), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=160), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('published_by', sa.String(length=32), nullable=False),
    sa.Column('effective_from', sa.Date(), nullable=False),
    sa.ForeignKeyConstraint(['published_by'], ['accounts.id'], name=op.f('fk_texts_published_by_accounts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_texts')),
    sa.UniqueConstraint('code', 'version', name=op.f('uq_texts_code_version'))
    )
    op.create_table('town_forms',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('text_code', sa.String(length=20), nullable=True),
    sa.Column('procedure_id', sa.String(length=32), nullable=True),
    sa.Column('name', sa.String(length=160), nullable=False),
    sa.Column('size_bytes', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('given_by', sa.String(length=32), nullable=False),
    sa.Column('given_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('removed_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['given_by'], ['accounts.id'], name=op.f('fk_town_forms_given_by_accounts')),
    sa.ForeignKeyConstraint(['procedure_id'], ['procedures.id'], name=op.f('fk_town_forms_procedure_id_procedures')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_town_forms'))
    )
    with op.batch_alter_table('town_forms', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_town_forms_procedure_id'), ['procedure_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_town_forms_text_code'), ['text_code'], unique=False)

    op.create_table('acceptances',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('text_id', sa.String(length=32), nullable=False),
    sa.Column('account_id', sa.String(length=32), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('dossier_id', sa.String(length=32), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_acceptances_account_id_accounts')),
    sa.ForeignKeyConstraint(['dossier_id'], ['dossiers.id'], name=op.f('fk_acceptances_dossier_id_dossiers')),
    sa.ForeignKeyConstraint(['text_id'], ['texts.id'], name=op.f('fk_acceptances_text_id_texts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_acceptances')),
    sa.UniqueConstraint('text_id', 'account_id', name=op.f('uq_acceptances_text_id_account_id'))
    )
    with op.batch_alter_table('acceptances', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_acceptances_account_id'), ['account_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_acceptances_dossier_id'), ['dossier_id'], unique=False)

    op.create_table('image_consents',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('child_id', sa.String(length=32), nullable=False),
    sa.Column('account_id', sa.String(length=32), nullable=False),
    sa.Column('school_year', sa.String(length=9), nullable=False),
    sa.Column('use', sa.String(length=20), nullable=False),
    sa.Column('medium', sa.String(length=20), nullable=False),
    sa.Column('n', sa.Integer(), nullable=False),
    sa.Column('is_given', sa.Boolean(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('dossier_id', sa.String(length=32), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_image_consents_account_id_accounts')),
    sa.ForeignKeyConstraint(['child_id'], ['children.id'], name=op.f('fk_image_consents_child_id_children')),
    sa.ForeignKeyConstraint(['dossier_id'], ['dossiers.id'], name=op.f('fk_image_consents_dossier_id_dossiers')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_image_consents')),
    sa.UniqueConstraint('child_id', 'account_id', 'school_year', 'use', 'medium', 'n', name=op.f('uq_image_consents_child_id_account_id_school_year_use_medium_n'))
    )
    with op.batch_alter_table('image_consents', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_image_consents_account_id'), ['account_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_image_consents_dossier_id'), ['dossier_id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('image_consents', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_image_consents_dossier_id'))
        batch_op.drop_index(batch_op.f('ix_image_consents_account_id'))

    op.drop_table('image_consents')
    with op.batch_alter_table('acceptances', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_acceptances_dossier_id'))
        batch_op.drop_index(batch_op.f('ix_acceptances_account_id'))

    op.drop_table('acceptances')
    with op.batch_alter_table('town_forms', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_town_forms_text_code'))
        batch_op.drop_index(batch_op.f('ix_town_forms_procedure_id'))

    op.drop_table('town_forms')
    op.drop_table('texts')
