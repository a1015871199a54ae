"""Reads an HTML form: our own, whole, and in one spelling."""

import unicodedata

from starlette.requests import Request

from shared.web.session import CSRF_FIELD, check_csrf

Form = dict[str, list[str]]


def tidy(text: str) -> str:
    """NFC, so that «hòa» typed on any keyboard is one string; line ends as everywhere."""
    return unicodedata.normalize("NFC", text).replace("\r\n", "\n").strip()


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
