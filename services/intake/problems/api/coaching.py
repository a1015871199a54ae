"""The coach, for other programs: text or a whole record in, verdicts out. Nothing of it is stored or logged."""

from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from services.intake.coach.answers import OpinionOut, opinion_out
from services.intake.coach.judge import Fields
from services.intake.problems.acts import Room
from services.intake.problems.coached import fields_of, text_of
from services.intake.problems.request_models import RecordIn, Strict
from shared.folding import composed
from shared.refusals import Text
from shared.web.application import api_router
from shared.web.session import Person

router = api_router("intake")
TEXT_MAX = 8000
ONE_OF_THEM = Text("Gửi «text» hoặc «record», một trong hai", "Send either “text” or “record”")


class StatementToRead(Strict):
    """Either `text`, or a `record` as it would be posted; it may be incomplete."""

    text: Annotated[str, Field(max_length=TEXT_MAX), AfterValidator(composed)] = ""
    record: RecordIn | None = None

    @model_validator(mode="after")
    def one_of_them(self) -> Self:
        if bool(self.text) == (self.record is not None):
            raise PydanticCustomError("text_or_record", "either text or record", {"sentence": ONE_OF_THEM})
        return self

    def to_read(self) -> tuple[str, Fields]:
        if self.record is None:
            return self.text, Fields()
        record = self.record.record()
        return text_of(record), fields_of(record)


@router.post("/coach")
async def coach(given: StatementToRead, _: Person, room: Room) -> OpinionOut:
    """Ten verdicts in six groups, what each sentence does, and what must not be in it."""
    return opinion_out(await room.look(*given.to_read()))
