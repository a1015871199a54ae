"""What the page of «adopt_existing» asks: `solution.what`, `plan.site`; what is measured is typed as the form's targets are."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from services.intake.problems import form as forms
from services.intake.problems.existing import Existing
from services.intake.problems.form import Draft
from services.intake.problems.problem import Problem

ASKED = {
    "solution": ("what", "whose", "where"),
    "consent": ("by", "on", "document"),
    "plan": ("site", "unit", "starts", "ends", "stop_rule", "budget", "data_agreement"),
}
MEASURES = "plan.measures."


def offered(problem: Problem, found: Existing | None, today: date) -> dict[str, str]:
    """What the record says already; a day that has passed is none to start on. `found`: a solution to take instead of its own."""
    record = problem.record
    said = forms.of_record(record).values
    starts = said["pilot_from"] if record.pilot_from and record.pilot_from >= today else ""
    targets = {name: text for name, text in said.items() if name.startswith("target.")}
    plan = {"plan.site": said["pilot_site"], "plan.starts": starts, "plan.budget": said["budget"]}
    solution = {f"solution.{name}": text for name, text in found or record.existing}
    return {**targets, **plan, **solution, "plan.unit": problem.agency.name}


def body(values: Mapping[str, Any]) -> dict[str, Any]:
    """For the request model; empty fields and rows are left out."""
    given: dict[str, Any] = {part: _written(part, values) for part in ASKED}
    if "budget" in given["plan"]:
        given["plan"]["budget"] = forms.number_of(given["plan"]["budget"])
    given["plan"]["measures"] = forms.body(_draft(values))["target"]
    return given


def _written(part: str, values: Mapping[str, Any]) -> dict[str, str]:
    return {name: values[f"{part}.{name}"] for name in ASKED[part] if values.get(f"{part}.{name}")}


def on_screen(field: str, values: Mapping[str, Any]) -> str:
    """`plan.measures.0.value` → the row's field on the page."""
    return forms.on_screen(f"target.{field.removeprefix(MEASURES)}", _draft(values))


def _draft(values: Mapping[str, Any]) -> Draft:
    return forms.of_form({name: [text] for name, text in values.items() if isinstance(text, str)})
