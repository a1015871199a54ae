"""What the form has no input for stays as it is stored: that a record is made up, and the unit of a place."""

from collections.abc import Iterable
from dataclasses import replace

from services.intake.problems.record import Record
from shared.events.problem import Place


def carried_over(typed: Record, stored: Record) -> Record:
    return replace(typed, place=_places(typed.place, stored.place), illustrative=stored.illustrative)


def _places(typed: Iterable[Place], stored: Iterable[Place]) -> tuple[Place, ...]:
    """A place is known by its name; two of one name are told apart by their order."""
    left, places = list(stored), list[Place]()
    for place in typed:
        same = next((one for one in left if one.name == place.name), None)
        if same is not None:
            left.remove(same)
        places.append(same or place)
    return tuple(places)
