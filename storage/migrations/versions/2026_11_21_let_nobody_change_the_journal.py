"""The database itself refuses to change a line of the journal, and to erase one before its time;
and the acts of all dossiers are found by their moment and by who did them.

Revision: 5d0c1e7a9b42
Follows: 84baa32f4213

Age is counted from the newest line: whoever purges writes first that he does. A later migration that
makes the table anew on SQLite (`batch_alter_table`) has to make the triggers again.
"""

from alembic import op

revision = '5d0c1e7a9b42'
down_revision = '84baa32f4213'
branch_labels = None
depends_on = None

ON_SQLITE = (
    """CREATE TRIGGER audit_log_never_changes BEFORE UPDATE ON audit_log
    BEGIN SELECT RAISE(ABORT, 'a line of the journal is never changed'); END""",
    """CREATE TRIGGER audit_log_leaves_when_old BEFORE DELETE ON audit_log
    WHEN OLD.at > (SELECT datetime(max(at), '-360 days') FROM audit_log)
    BEGIN SELECT RAISE(ABORT, 'a line of the journal stays twelve months'); END""",
)
ON_POSTGRESQL = (
    """CREATE FUNCTION audit_log_stays() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'DELETE' THEN
            IF OLD.at <= (SELECT max(at) - interval '360 days' FROM audit_log) THEN
                RETURN OLD;
            END IF;
        END IF;
        RAISE EXCEPTION 'a line of the journal is never changed, and stays twelve months';
    END $$""",
    """CREATE TRIGGER audit_log_stays BEFORE UPDATE OR DELETE ON audit_log
    FOR EACH ROW EXECUTE FUNCTION audit_log_stays()""",
    """CREATE TRIGGER audit_log_stays_whole BEFORE TRUNCATE ON audit_log
    FOR EACH STATEMENT EXECUTE FUNCTION audit_log_stays()""",
)


def upgrade() -> None:
    with op.batch_alter_table('events', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_events_at'), ['at'], unique=False)
        batch_op.create_index(batch_op.f('ix_events_actor_id_at'), ['actor_id', 'at'], unique=False)

    for statement in ON_POSTGRESQL if _is_postgresql() else ON_SQLITE:
        op.execute(statement)


def downgrade() -> None:
    if _is_postgresql():
        op.execute("DROP TRIGGER audit_log_stays_whole ON audit_log")
        op.execute("DROP TRIGGER audit_log_stays ON audit_log")
        op.execute("DROP FUNCTION audit_log_stays()")
    else:
        op.execute("DROP TRIGGER audit_log_leaves_when_old")
        op.execute("DROP TRIGGER audit_log_never_changes")

    with op.batch_alter_table('events', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_events_actor_id_at'))
        batch_op.drop_index(batch_op.f('ix_events_at'))


def _is_postgresql() -> bool:
    return bool(op.get_bind().dialect.name == "postgresql")
