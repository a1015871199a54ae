"""What a sentence does in a statement. Learned from labelled sentences (`learning/`), not from lists of words: lists that were
tried on other people's texts found a disguised solution with precision .34."""

from collections.abc import Mapping
from enum import StrEnum

from shared.refusals import Text


class Role(StrEnum):
    """What a sentence does in a statement, in the order of the model's columns."""

    TROUBLE = "trouble"
    AFFECTED = "affected"
    BASELINE = "baseline"
    TARGET = "target"
    CAUSE = "cause"
    CONSEQUENCE = "consequence"
    ORDER = "order"
    TRIED = "tried"
    CONSTRAINT = "constraint"
    DATA = "data"
    PILOT = "pilot"
    SLOGAN = "slogan"
    BACKGROUND = "background"


SAYS: Mapping[Role, Text] = {
    Role.TROUBLE: Text("nêu vấn đề", "names the trouble"),
    Role.AFFECTED: Text("ai chịu ảnh hưởng", "who is affected"),
    Role.BASELINE: Text("hiện trạng", "how it stands now"),
    Role.TARGET: Text("đích cần đạt", "target"),
    Role.CAUSE: Text("nguyên nhân", "cause"),
    Role.CONSEQUENCE: Text("hậu quả", "consequence"),
    Role.ORDER: Text("đòi một giải pháp", "asks for a given solution"),
    Role.TRIED: Text("việc đã thử", "what was tried"),
    Role.CONSTRAINT: Text("ràng buộc", "constraint"),
    Role.DATA: Text("dữ liệu", "data"),
    Role.PILOT: Text("nơi làm thử", "where it can be tried"),
    Role.SLOGAN: Text("khẩu hiệu", "slogan"),
    Role.BACKGROUND: Text("bối cảnh", "background"),
}


class Label(StrEnum):
    """What a whole statement is, in the order of the model's columns."""

    SOLUTION = "solution_in_disguise"
    BASELINE = "has_baseline"
    TARGET = "has_target"
    AFFECTED = "who_is_affected"
    CAUSE = "cause_given"
    CONSEQUENCE = "consequence_given"
    BROAD = "too_broad"
    SEVERAL = "several_problems"
