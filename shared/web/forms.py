"""Reads an HTML form: our own, whole, and in one spelling."""

import hashlib

from pydantic_core import to_json
from starlette.requests import Request

from shared.folding import composed
from shared.web.session import CSRF_FIELD, check_csrf

Form = dict[str, list[str]]


def tidy(text: str) -> str:
    """In one spelling, with line ends as everywhere."""
    return composed(text.replace("\r\n", "\n"))


async def read_form(request: Request) -> Form:
    """Field name → its values, in the order sent. Files are not taken. Raises ForeignOrigin."""
    async with request.form(max_files=0, max_fields=2000) as sent:
        fields: Form = {}
        for name, value in sent.multi_items():
            fields.setdefault(name, []).append(tidy(str(value)))
    check_csrf(request, first(fields, CSRF_FIELD))
    return fields


def first(form: Form, name: str) -> str:
    return form.get(name, [""])[0]


def press_key(request: Request, form: Form) -> str:
    """An idempotency key: the same for a button pressed twice, another one for whatever was typed anew."""
    return f"{request.url.path} {hashlib.sha256(to_json(form)).hexdigest()}"
