"""Named places at which a process can be made to die, as by kill -9, to prove that nothing is lost there.

`FAILPOINT=relay.sent_not_marked:3` dies at the third pass. Without the variable a failpoint does nothing.
"""

import os
import signal

NAMES = (
    "intake.committed_not_acked",
    "relay.sent_not_marked",
    "consumer.before_tx",
    "consumer.done_not_committed",
    "mail.accepted_not_recorded",
)


def parse(setting: str) -> dict[str, int]:
    """Name → the pass at which it kills. Raises ValueError for a name that no code passes: such a test would prove nothing."""
    if not setting:
        return {}
    name, _, turn = setting.partition(":")
    if name not in NAMES:
        raise ValueError(f"FAILPOINT: {name} is none of {', '.join(NAMES)}")
    return {name: int(turn or 1)}


_left = parse(os.environ.get("FAILPOINT", ""))


def hit(name: str) -> None:
    if name not in _left:
        return
    _left[name] -= 1
    if _left[name] == 0:
        os.kill(os.getpid(), signal.SIGKILL)
