"""Reserved answers leave the open columns and are sealed beside them.

Set RIBAMBELLE_KEYS before: where a family has answered a reserved question, the migration needs the
key under which it will be read. Without one it stops and changes nothing. Going back puts the
answers in the open again.

Revision: 9e41c7d2ab60
Follows: 40a575cfc1df
"""

import json
from typing import Any

import sqlalchemy as sa
from alembic import context, op

revision = "9e41c7d2ab60"
down_revision = "40a575cfc1df"
branch_labels = None
depends_on = None

_PAGE, _RESERVED = "situation", ("separated", "court_ruling")


def upgrade() -> None:
    for table in ("answers", "snapshots"):
        with op.batch_alter_table(table) as batch_op:
            batch_op.add_column(sa.Column("sealed", sa.Text(), server_default="", nullable=False))
    keys = context.config.attributes["keys"]
    for row in _rows("SELECT dossier_id, section, \"values\" AS kept FROM answers", "kept"):
        if row.section == _PAGE and (taken := _taken(row.kept)):
            left = {name: text for name, text in row.kept.items() if name not in taken}
            sealed = keys.seal(json.dumps(taken), ("answers", row.dossier_id, row.section, "sealed"))
            _answers(row.dossier_id, row.section, left, sealed)
    for row in _rows("SELECT dossier_id, version, answers AS kept FROM snapshots", "kept"):
        if taken := _taken(row.kept.get(_PAGE, {})):
            page = {name: text for name, text in row.kept[_PAGE].items() if name not in taken}
            place = ("snapshots", row.dossier_id, str(row.version), "sealed")
            sealed = keys.seal(json.dumps({_PAGE: taken}), place)
            _snapshot(row.dossier_id, row.version, {**row.kept, _PAGE: page}, sealed)


def downgrade() -> None:
    keys = context.config.attributes["keys"]
    query = "SELECT dossier_id, section, \"values\" AS kept, sealed FROM answers WHERE sealed <> ''"
    for row in _rows(query, "kept"):
        place = ("answers", row.dossier_id, row.section, "sealed")
        whole = {**row.kept, **json.loads(keys.unseal(row.sealed, place))}
        _answers(row.dossier_id, row.section, whole, "")
    query = "SELECT dossier_id, version, answers AS kept, sealed FROM snapshots WHERE sealed <> ''"
    for row in _rows(query, "kept"):
        place = ("snapshots", row.dossier_id, str(row.version), "sealed")
        whole = dict(row.kept)
        for section, values in json.loads(keys.unseal(row.sealed, place)).items():
            whole[section] = {**whole.get(section, {}), **values}
        _snapshot(row.dossier_id, row.version, whole, "")
    for table in ("answers", "snapshots"):
        with op.batch_alter_table(table) as batch_op:
            batch_op.drop_column("sealed")


def _rows(query: str, column: str) -> list[Any]:
    return list(op.get_bind().execute(sa.text(query).columns(**{column: sa.JSON()})).all())


def _taken(values: dict[str, str]) -> dict[str, str]:
    return {name: values[name] for name in _RESERVED if name in values}


def _answers(dossier_id: str, section: str, values: dict[str, str], sealed: str) -> None:
    update = sa.text(
        'UPDATE answers SET "values" = :kept, sealed = :sealed'
        " WHERE dossier_id = :dossier_id AND section = :section"
    ).bindparams(sa.bindparam("kept", type_=sa.JSON()))
    mine = {"dossier_id": dossier_id, "section": section}
    op.get_bind().execute(update, {**mine, "kept": values, "sealed": sealed})


def _snapshot(dossier_id: str, version: int, answers: dict[str, Any], sealed: str) -> None:
    update = sa.text(
        "UPDATE snapshots SET answers = :kept, sealed = :sealed"
        " WHERE dossier_id = :dossier_id AND version = :version"
    ).bindparams(sa.bindparam("kept", type_=sa.JSON()))
    mine = {"dossier_id": dossier_id, "version": version}
    op.get_bind().execute(update, {**mine, "kept": answers, "sealed": sealed})
