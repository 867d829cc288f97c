"""The id that a form chooses for its act, so that the same form sent twice is one act."""

import re
from collections.abc import Mapping

from storage.records import new_id

_AN_ID = re.compile(r"[0-9a-f]{32}")


def act_id_of(form: Mapping[str, str]) -> str:
    """The form's own id; a new one when it carries none that could be ours."""
    given = form.get("act_id", "")
    return given if _AN_ID.fullmatch(given) else new_id()
