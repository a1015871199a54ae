"""How much a reason must say, wherever one is asked for."""

from shared.refusals import Text

REASON_MIN = 10
TOO_SHORT = Text(f"Nêu lý do, ít nhất {REASON_MIN} ký tự", f"Give the reason in at least {REASON_MIN} characters")
