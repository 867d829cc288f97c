"""All the registrations of a child: those of rows that were made one with it too."""

from sqlalchemy import ColumnElement, FromClause, Select, and_, func, select

from storage.tables import children, dossier_children


def registrations_told(dossier_id: str) -> Select[tuple[str]]:
    """The registrations of the children of a dossier that is told to their other guardians."""
    told, reg = children.alias("told"), children.alias("reg")
    return (
        select(reg.c.dossier_id)
        .select_from(dossier_children)
        .join(told, told.c.id == dossier_children.c.child_id)
        .join(reg, are_one(told, reg))
        .where(dossier_children.c.dossier_id == dossier_id, reg.c.dossier_id.is_not(None))
    )


def registrations_of(child: ColumnElement[bool]) -> Select[tuple[str]]:
    """All the registrations of the child of such a row, those of rows made one with it too."""
    reg = children.alias("reg")
    return (
        select(reg.c.dossier_id)
        .select_from(children)
        .join(reg, are_one(children, reg))
        .where(child, reg.c.dossier_id.is_not(None))
    )


def is_row_of(kid: FromClause, row: FromClause) -> ColumnElement[bool]:
    """Whether `kid` is the row that stands for the child of `row`."""
    return kid.c.id == func.coalesce(row.c.same_as, row.c.id)


def are_one(one: FromClause, other: FromClause) -> ColumnElement[bool]:
    """Whether two rows of a family are one child."""
    return and_(
        one.c.family_id == other.c.family_id,
        func.coalesce(one.c.same_as, one.c.id) == func.coalesce(other.c.same_as, other.c.id),
    )
