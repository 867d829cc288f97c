"""The id that a form chooses for its act, so that the same form sent twice is one act."""

from collections.abc import Mapping

from storage.records import is_id, new_id


def act_id_of(form: Mapping[str, str]) -> str:
    """The form's own id; a new one when it carries none that could be ours."""
    given = form.get("act_id", "")
    return given if is_id(given) else new_id()
