"""The people whom local mode lets in without a password. They exist for demonstration and tests alone."""

from dataclasses import dataclass

from shared.identity import Actor, Role
from shared.refusals import Refusal, Text


@dataclass(frozen=True, slots=True)
class Person:
    id: str
    name: str
    roles: frozenset[Role]
    unit_id: str | None = None
    about: str = ""

    def actor(self) -> Actor:
        return Actor(self.id, self.name, self.roles, self.unit_id)


class UnknownPerson(Refusal):
    status = 422
    title = Text("Không có người dùng «{person_id}»", "There is no user «{person_id}»")
    advice = Text("Chọn một người trong danh sách tại /dang-nhap.", "Choose one of the people listed at /dang-nhap.")


class LocalSignInOff(Refusal):
    status = 404
    title = Text("Đăng nhập cục bộ đang tắt", "Local sign-in is switched off")
    advice = Text("Đăng nhập bằng tài khoản của Thành phố.", "Sign in with your city account.")


def safe_next(path: str) -> str:
    """Where to go after signing in: a path of ours, never another site."""
    return path if path.startswith("/") and not path.startswith(("//", "/\\")) else "/"
