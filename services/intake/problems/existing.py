"""A solution that exists: what it is, whose it is, and where one reads of it."""

import re
from collections.abc import Iterator, Mapping

from services.intake.problems.another import naming_error
from shared.events.problem import Part
from shared.refusals import FieldError, Text

LINK = re.compile(r"https?://[^\s/?#@]+\.[^\s/?#@]+(?:[/?#]\S*)?")

WHAT = Text("Ghi giải pháp là gì", "Say what the solution is")
WHOSE = Text("Ghi cơ quan hoặc tổ chức có giải pháp này", "Name the body whose solution it is")
WHERE = Text(
    "Ghi địa chỉ trang (https://…) hoặc mã đề bài (DB-…) của giải pháp",
    "Give the address of a page (https://…) or the code of a problem (DB-…) that has it",
)
NOT_IN_USE = Text(
    "Đề bài này chưa có giải pháp đang dùng: ghi địa chỉ trang, hoặc mã của đề bài khác",
    "That problem has no solution in use: give a page's address, or another problem's code",
)


class Existing(Part):
    """`whose`: a body. `where`: the address of a page, or a problem by id or reference."""

    what: str = ""
    whose: str = ""
    where: str = ""

    @property
    def link(self) -> str:
        """Empty unless it is one that a page may lead to: http or https."""
        return self.where if LINK.fullmatch(self.where) else ""

    @property
    def problem(self) -> str:
        return "" if self.link else self.where


NOTHING = Existing()


def solution_errors(
    solution: Existing, *, problem_id: str, known: Mapping[str, str], in_use: frozenset[str]
) -> Iterator[FieldError]:
    """`known`: the id of each problem that is named and that the actor sees; `in_use`: ids of those that have a solution in use."""
    if not solution.what:
        yield FieldError("solution.what", "missing", WHAT)
    if not solution.whose:
        yield FieldError("solution.whose", "missing", WHOSE)
    if not solution.where:
        yield FieldError("solution.where", "missing", WHERE)
    elif not solution.link:
        if error := naming_error("solution.where", solution.where, problem_id=problem_id, known=known):
            yield error
        elif known[solution.where] not in in_use:
            yield FieldError("solution.where", "not_in_use", NOT_IN_USE)
