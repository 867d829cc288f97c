"""How Alembic runs here: always on a connection that `storage.migrate` opened."""

from typing import Literal

from alembic import context

from storage.tables import Moment, metadata


def _render(kind: str, item: object, _autogen: object) -> str | Literal[False]:
    if kind == "type" and isinstance(item, Moment):
        return "sa.DateTime(timezone=True)"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    # SQLite too makes tables inside a transaction: all migrations, or none, and nobody in between.
    transactional_ddl=True,
    render_item=_render,
)
with context.begin_transaction():
    context.run_migrations()
