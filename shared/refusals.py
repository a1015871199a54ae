"""The tree of named refusals: what was not done, with the HTTP status, and what the person can do about it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, NamedTuple


class Text(NamedTuple):
    """One sentence in both languages. `{name}` is filled from the refusal's facts."""

    vi: str
    en: str

    def fill(self, facts: Mapping[str, object]) -> "Text":
        return Text(self.vi.format_map(facts), self.en.format_map(facts))

    def read(self, language: str) -> str:
        return self.en if language == "en" else self.vi


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with one field, named as in the request: `affected.0.count`."""

    field: str
    code: str
    text: Text


class Refusal(Exception):
    """A subclass gives `status`, `title` (what was not done) and `advice` (what to do); its name gives the code."""

    status: ClassVar[int]
    title: ClassVar[Text]
    advice: ClassVar[Text]

    def __init__(self, *, errors: tuple[FieldError, ...] = (), **facts: object) -> None:
        super().__init__(self.code())
        self.errors = errors
        self.facts = facts

    @classmethod
    def code(cls) -> str:
        return re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()

    def says(self) -> Text:
        return self.title.fill(self.facts)

    def advises(self) -> Text:
        return self.advice.fill(self.facts)


class InvalidInput(Refusal):
    status = 422
    title = Text("Nội dung gửi lên chưa hợp lệ", "What was sent is not valid")
    advice = Text(
        "Sửa các mục được nêu rồi gửi lại; những mục khác được giữ nguyên.",
        "Mend the fields named below and send again; the others are kept.",
    )


class MalformedRequest(Refusal):
    status = 400
    title = Text("Không đọc được yêu cầu", "The request cannot be read")
    advice = Text("Gửi JSON hợp lệ, mã hóa UTF-8.", "Send valid JSON in UTF-8.")


class RequestTooLarge(Refusal):
    status = 413
    title = Text("Nội dung gửi lên quá lớn", "The request is too large")
    advice = Text("Gửi tối đa {limit_kb} KB mỗi lần.", "Send at most {limit_kb} KB at a time.")


class SignInNeeded(Refusal):
    status = 401
    title = Text("Anh/chị chưa đăng nhập", "You are not signed in")
    advice = Text("Đăng nhập tại /dang-nhap rồi thử lại.", "Sign in at /dang-nhap and try again.")


class NotAllowed(Refusal):
    status = 403
    title = Text("Vai trò của anh/chị không làm được việc này", "Your role may not do this")
    advice = Text(
        "Nhờ người có quyền, hoặc đăng nhập bằng tài khoản khác.",
        "Ask someone who may, or sign in with another account.",
    )


class ForeignOrigin(Refusal):
    status = 403
    title = Text("Yêu cầu không đến từ trang này", "The request did not come from this site")
    advice = Text("Mở lại trang, tải lại rồi gửi lần nữa.", "Open the page again, reload it and send once more.")


class NotFound(Refusal):
    """Also for what exists but is not the asker's to see."""

    status = 404
    title = Text("Không tìm thấy", "Not found")
    advice = Text("Kiểm tra địa chỉ, hoặc tìm trong danh mục.", "Check the address, or search the catalogue.")


class MethodNotOffered(Refusal):
    status = 405
    title = Text("Địa chỉ này không nhận cách gọi đó", "This address does not take that method")
    advice = Text("Xem cách gọi ở trang /docs của dịch vụ.", "See the service's /docs page for the methods it takes.")


class VersionMismatch(Refusal):
    status = 409
    title = Text("Nội dung đã được người khác thay đổi", "Someone else has changed this meanwhile")
    advice = Text(
        "Tải lại bản mới nhất (phiên bản {current}), xem phần đã đổi rồi gửi lại.",
        "Load the latest version ({current}), see what changed, then send again.",
    )


class KeyReused(Refusal):
    status = 409
    title = Text(
        "Khóa chống gửi trùng đã dùng cho một yêu cầu khác", "This idempotency key was used for another request"
    )
    advice = Text("Tạo khóa mới cho yêu cầu mới.", "Make a new key for a new request.")


class Unavailable(Refusal):
    status = 503
    title = Text("Hệ thống tạm thời chưa lưu được", "The system cannot store this right now")
    advice = Text("Chưa có gì bị thay đổi. Thử lại sau ít phút.", "Nothing was changed. Try again in a few minutes.")


class Unexpected(Refusal):
    status = 500
    title = Text("Hệ thống gặp lỗi", "The system has failed")
    advice = Text(
        "Lỗi đã được ghi lại. Thử lại; nếu vẫn gặp, báo mã {trace} cho bộ phận hỗ trợ.",
        "The failure is recorded. Try again; if it stays, give the support team the code {trace}.",
    )
