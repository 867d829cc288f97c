"""JSON bodies, read once it is known who sends them; the schema is told by `description.py`."""

from typing import Annotated, Any, Generic, TypeVar

from fastapi import Request
from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints, ValidationError

from api.forms import without_unseen
from api.problems import french_of
from domain.errors import DomainError, Invalid

M = TypeVar("M", bound="Sent")
JSON, MULTIPART = "application/json", "multipart/form-data"

Text = Annotated[str, StringConstraints(max_length=4000), AfterValidator(without_unseen)]
"""What somebody typed: signs that nobody sees are left out, as from forms."""


class Sent(BaseModel):
    """Something a program sends: nothing but what is named."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Unread(DomainError):  # noqa: N818
    """The body is not JSON (`unreadable`), or not of the type expected (`content_type`)."""


class JsonBody(Generic[M]):
    """A dependency that reads the body as this model."""

    def __init__(self, model: type[M]) -> None:
        self.model = model

    async def __call__(self, request: Request) -> M:
        """Read it.

        Raises:
            Unread: it is no JSON.
            Invalid: it is not what is asked; `fields` say why.
            TooLarge: see `api/bodies.py`.
        """
        refuse_type_other_than(request, JSON)
        try:
            return self.model.model_validate_json(await request.body())
        except ValidationError as wrong:
            errors: Any = wrong.errors(include_url=False, include_input=False)
            if errors[0]["type"] == "json_invalid":
                raise Unread("unreadable") from wrong
            raise Invalid(french_of(errors)) from wrong


def refuse_type_other_than(request: Request, expected: str) -> None:
    """Refuse a body of another type.

    Raises:
        Unread: `content_type`.
    """
    given = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if given != expected:
        raise Unread("content_type", expected=expected)
