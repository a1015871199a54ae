"""The coach, for other programs: text or a whole record in, verdicts out. Nothing of it is stored or logged."""

from typing import Annotated, Self

from fastapi import Body
from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from services.intake.coach.answers import OpinionOut, opinion_out
from services.intake.coach.judge import Fields
from services.intake.problems.acts import Room
from services.intake.problems.api.coaching_examples import ANSWERED, ASKED
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
    """Either `text` or `record`."""

    text: Annotated[str, Field(max_length=TEXT_MAX), AfterValidator(composed)] = ""
    """Sentences as people write them, in Vietnamese or in English."""
    record: RecordIn | None = None
    """As it would be posted; it may be incomplete. The title and the statement are read, the other fields answer for them."""

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


@router.post("/coach", responses={200: {"content": ANSWERED}})
async def coach(given: Annotated[StatementToRead, Body(openapi_examples=ASKED)], _: Person, room: Room) -> OpinionOut:
    """What the coach of our form says of a statement: ten verdicts in six groups, what each sentence does, and what must not be in
    it. Any signed-in person may ask. Nothing of the statement or of the answer is stored or logged.

    Send either `text`, of at most 8,000 characters, or `record`, as it would be posted to `/intake/v1/problems`; it may be
    incomplete, and what its fields say counts as said.

    A verdict is `pass` (clear), `warn` (in part: the reason says what to mend), `ask` (missing, or the coach is not sure: the
    writer knows), `na` (too little text to tell) or `fail` (it says what to buy or build, and nobody's trouble). Only `fail` keeps
    a problem from being submitted, unless a reason of 30 characters is given; personal data has to be taken out in any case.

    Show `reason`, and one `advice` at a time, beside the sentence that the verdict speaks of."""
    return opinion_out(await room.look(*given.to_read()))
