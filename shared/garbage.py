"""When Python looks for garbage in cycles."""

import gc

YOUNG, OLDER = 20_000, 50
"""Python's 700 and 10 are for small programs: a batch of a thousand events makes some 50,000 objects, and to walk through them
again and again took a quarter of the kernel's time (`make bench`, reliable consume: 14,000 events/s before, 18,000 after)."""


def collect_seldom() -> None:
    """To be called when the program is loaded: what exists then stays, and is never looked at again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, OLDER, OLDER)
