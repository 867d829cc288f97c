"""The class and the school of a child from a later school year on.

Revision: 3ad0c8e51f64
Follows: fd63fc1ed7c8
"""

import sqlalchemy as sa
from alembic import op

revision = '3ad0c8e51f64'
down_revision = 'fd63fc1ed7c8'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('child_years',
    sa.Column('child_id', sa.String(length=32), nullable=False),
    sa.Column('school_year', sa.String(length=9), nullable=False),
    sa.Column('grade', sa.String(length=10), nullable=False),
    sa.Column('school_id', sa.String(length=32), nullable=True),
    sa.Column('other_school', sa.String(length=200), nullable=False),
    sa.ForeignKeyConstraint(['child_id'], ['children.id'], name=op.f('fk_child_years_child_id_children')),
    sa.ForeignKeyConstraint(['school_id'], ['facilities.id'], name=op.f('fk_child_years_school_id_facilities')),
    sa.PrimaryKeyConstraint('child_id', 'school_year', name=op.f('pk_child_years'))
    )


def downgrade() -> None:
    op.drop_table('child_years')
