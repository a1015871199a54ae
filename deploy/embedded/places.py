"""Where things lie in the project's own folder."""

from pathlib import Path

PROJECT = Path(__file__).parents[2]
TOOLS = PROJECT / ".tools"
"""Downloads that outlive the data: `make clean` removes them."""
