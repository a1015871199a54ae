"""What is saved while someone is still writing: a row or line that lacks something waits on the page, and meanwhile nothing that is
stored of its group is lost. What is taken off the page goes when no row waits, or when a person saves."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from services.intake.problems.form import LISTS, ROWS, Draft, filled, lines


def finished(draft: Draft, stored: Draft, lacking: Collection[tuple[str, int]]) -> Draft:
    """`lacking`: lists and places in them, as in the body of the draft. Rows keep their numbers on the page."""
    for name in (*LISTS, *ROWS):
        if waiting := sorted(place for one, place in lacking if one == name):
            draft = (_rows if name in ROWS else _lines)(draft, stored, name, waiting)
    return draft


def _lines(draft: Draft, stored: Draft, name: str, waiting: Sequence[int]) -> Draft:
    written, there = lines(draft, name), lines(stored, name)
    was = _were(written, waiting, there)
    kept = there
    if was is not None:
        kept = [there[was[n]] if n in was else line for n, line in enumerate(written) if n in was or n not in waiting]
    return replace(draft, values={**draft.values, name: "\n".join(kept)})


def _rows(draft: Draft, stored: Draft, group: str, waiting: Sequence[int]) -> Draft:
    shown, there = filled(draft, group), filled(stored, group)
    key, count = ROWS[group][0], max(draft.counts[group], stored.counts[group])
    was = _were(
        [draft.value(f"{group}.{n}.{key}") for n in shown], waiting, [stored.value(f"{group}.{n}.{key}") for n in there]
    )
    taken = {n: n for n in range(count)}
    if was is not None:
        taken = {shown[n]: there[was[n]] if n in was else count for n in waiting}
    values = {
        f"{group}.{n}.{name}": stored.value(f"{group}.{source}.{name}")
        for n, source in taken.items()
        for name in ROWS[group]
    }
    return replace(draft, values={**draft.values, **values}, counts={**draft.counts, group: count})


def _were(written: Sequence[str], waiting: Sequence[int], stored: Sequence[str]) -> dict[int, int] | None:
    """By their keys: place on the page → the stored place it had; new ones are not in it. Whoever waits under no stored key is one
    of those that no key names, in their order. None where a stored one is not on the page, is there twice or out of its order: it
    may be one that waits, so the whole group stays as it is stored."""
    was = {n: stored.index(key) for n, key in enumerate(written) if key in stored}
    left = [place for place in range(len(stored)) if place not in was.values()]
    was |= zip([n for n in waiting if n not in was], left, strict=False)
    return was if [was[n] for n in sorted(was)] == list(range(len(stored))) else None
