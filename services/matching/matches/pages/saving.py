"""What both forms of the profile do alike."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from services.matching.profiles.request_models import ProfileIn
from shared.refusals import InvalidInput
from shared.web.field_errors import field_errors
from shared.web.forms import Form, first


def checked(form: Form, typed: Mapping[str, Any]) -> ProfileIn:
    """Raises InvalidInput."""
    try:
        return ProfileIn.model_validate({"version": first(form, "version"), **typed})
    except ValidationError as error:
        raise InvalidInput(errors=field_errors(error.errors())) from None
