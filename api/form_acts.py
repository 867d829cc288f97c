"""What a form says of itself: the id of its act, so that sent twice it is one, and what it saw."""

from collections.abc import Mapping

from storage.records import is_id, new_id


def act_id_of(form: Mapping[str, str]) -> str:
    """The form's own id; a new one when it carries none that could be ours."""
    given = form.get("act_id", "")
    return given if is_id(given) else new_id()


def version_seen(form: Mapping[str, str]) -> int:
    """The version of what the form was made from (`version`); -1 when it names none of ours."""
    text = form.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < len("1000000000") else -1
