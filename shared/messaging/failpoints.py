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
_armed, _, _turn = os.environ.get("FAILPOINT", "").partition(":")
_left = {_armed: int(_turn or 1)}


def hit(name: str) -> None:
    if name not in _left:
        return
    _left[name] -= 1
    if _left[name] == 0:
        os.kill(os.getpid(), signal.SIGKILL)
