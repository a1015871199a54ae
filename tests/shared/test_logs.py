"""A log is a list of JSON objects, ours and the libraries' alike, without what people wrote."""

import json
import subprocess
import sys

PROGRAM = """
import logging, structlog
from shared import logs
logs.configure("thu", level="INFO", json=True)
structlog.get_logger().info("begun", number=3)
logging.getLogger("library").warning("slow")
logging.getLogger("pymongo").info("chatter")
def fail(): 
    secret = "0901234567"
    raise RuntimeError("told")
try:
    fail()
except RuntimeError:
    structlog.get_logger().exception("failed")
"""


def lines() -> list[dict[str, object]]:
    """In its own process: the settings of logs are the process's."""
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    assert "0901234567" not in done.stdout + done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_each_line_is_an_event_with_fields() -> None:
    begun, library, failed = lines()
    assert (begun["event"], begun["number"], begun["service"], begun["level"]) == ("begun", 3, "thu", "info")
    assert library["event"] == "slow"
    assert failed["event"] == "failed"
    assert "told" in json.dumps(failed["exception"])
    assert str(begun["timestamp"]).endswith("Z")
