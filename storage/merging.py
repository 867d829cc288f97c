"""One ordered list out of several: an index orders the dossiers of each department, not of some.

Asked for those of two departments at once, a database reads every one of them and sorts. Asked for
the first of each, it reads a page of each; the first of all are among those.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, select, union_all

from storage.tables import dossiers


def first_of_all(
    each: Sequence[Select[tuple[str]]],
    by: Sequence[ColumnElement[Any]],
    *,
    limit: int,
    offset: int = 0,
) -> Select[tuple[str]]:
    """The ids of the first dossiers of these selections of ids, in this order."""
    if len(each) == 1:
        return each[0].order_by(*by).limit(limit).offset(offset)
    firsts = [one.order_by(*by).limit(limit + offset).subquery() for one in each]
    some = union_all(*(select(one.c.id) for one in firsts))
    ids = select(dossiers.c.id).where(dossiers.c.id.in_(some))
    return ids.order_by(*by).limit(limit).offset(offset)
