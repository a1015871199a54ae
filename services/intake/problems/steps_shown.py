"""How the steps of the lifecycle appear on pages: the address, what follows from the step, and what it asks for."""

from dataclasses import dataclass

from shared.identity import Role
from shared.refusals import Text


@dataclass(frozen=True, slots=True)
class Shown:
    """`asks`: the fields of its page. `main`: the one filled button where it is possible."""

    slug: str
    command: str
    label: Text
    consequence: Text
    done: Text
    asks: tuple[str, ...] = ()
    main: bool = False


_ROWS = (
    Shown(
        "gui",
        "submit",
        Text("Gửi đề bài", "Send the problem"),
        Text(
            "Đề bài chuyển tới Sở Khoa học và Công nghệ. Trước khi Sở tiếp nhận, đơn vị còn thu hồi để sửa được.",
            "The problem goes to the Department of Science and Technology. Until it is taken up, you can recall it.",
        ),
        Text("Đã gửi đề bài. Cán bộ điều phối sẽ trả lời.", "The problem is sent. A coordinator will answer."),
        ("self_check",),
        main=True,
    ),
    Shown(
        "gui-lai",
        "resubmit",
        Text("Gửi lại", "Send again"),
        Text(
            "Đề bài đã sửa và các câu trả lời được gửi tới Sở.",
            "The edited problem and the answers go to the department.",
        ),
        Text("Đã gửi lại đề bài.", "The problem is sent again."),
        ("self_check",),
        main=True,
    ),
    Shown(
        "tham-dinh",
        "start_review",
        Text("Đưa ra thẩm định", "Start the review"),
        Text(
            "Đơn vị không sửa được đề bài trong lúc thẩm định.", "The agency cannot edit the problem during the review."
        ),
        Text("Đã đưa ra thẩm định.", "The review has started."),
        ("duplicates",),
        main=True,
    ),
    Shown(
        "phe-duyet",
        "approve",
        Text("Phê duyệt", "Approve"),
        Text(
            "Đề bài được duyệt và chờ công bố. Đơn vị được báo.",
            "The problem is approved and waits to be published. The agency is told.",
        ),
        Text("Đã phê duyệt.", "Approved."),
        ("reason",),
        main=True,
    ),
    Shown(
        "cong-bo",
        "publish",
        Text("Công bố", "Publish"),
        Text(
            "Mọi người đọc được đề bài, và nhà khoa học phù hợp được báo ngay.",
            "Everyone can read the problem, and the researchers whom it fits are told at once.",
        ),
        Text("Đã công bố. Nhà khoa học phù hợp đang được báo.", "Published. Researchers whom it fits are being told."),
        ("closes_at", "terms"),
        main=True,
    ),
    Shown(
        "dung-lai",
        "adopt_existing",
        Text("Dùng lại giải pháp đã có", "Adopt an existing solution"),
        Text(
            "Đề bài chuyển sang áp dụng thử giải pháp này và thôi nhận giải pháp khác. Đơn vị được báo ngay.",
            "This solution is piloted, and no other solutions are taken. The agency is told at once.",
        ),
        Text("Đã bắt đầu áp dụng thử giải pháp đã có.", "The pilot of the existing solution has started."),
        ("adoption",),
    ),
    Shown(
        "tra-lai",
        "return",
        Text("Trả lại để làm rõ", "Return with questions"),
        Text(
            "Đơn vị được báo ngay, kèm câu hỏi và hạn trả lời.",
            "The agency is told at once, with the questions and the due date.",
        ),
        Text("Đã trả lại đơn vị kèm câu hỏi.", "Returned to the agency with the questions."),
        ("questions", "answer_due"),
    ),
    Shown(
        "thu-hoi",
        "recall",
        Text("Thu hồi để sửa", "Recall to edit"),
        Text("Đề bài trở lại bản nháp.", "The problem becomes a draft again."),
        Text("Đã thu hồi. Sửa xong, gửi lại.", "Recalled. Edit it and send it again."),
    ),
    Shown(
        "tu-choi",
        "decline",
        Text("Không tiếp nhận", "Decline"),
        Text(
            "Đơn vị được báo cùng lý do; có thể mở lại sau.",
            "The agency is told with the reason; it can be reopened later.",
        ),
        Text("Đã từ chối.", "Declined."),
        ("reason", "channel", "duplicate_of"),
    ),
    Shown(
        "rut",
        "withdraw",
        Text("Rút đề bài", "Withdraw"),
        Text(
            "Đề bài ngừng xử lý. Nếu đã công bố, trang đề bài ghi là đã rút.",
            "Work on the problem stops. If it is public, its page says so.",
        ),
        Text("Đã rút đề bài.", "Withdrawn."),
        ("reason",),
    ),
    Shown(
        "bo-nhap",
        "discard",
        Text("Bỏ nháp", "Discard the draft"),
        Text("Bản nháp được cất đi; có thể mở lại sau.", "The draft is put away; it can be reopened later."),
        Text("Đã bỏ nháp.", "The draft is put away."),
        ("reason",),
    ),
)
STEPS = {step.slug: step for step in _ROWS}
ROLES = {
    Role.DRAFTER: Text("người soạn của đơn vị", "drafter of the unit"),
    Role.APPROVER: Text("lãnh đạo đơn vị", "head of the unit"),
    Role.COORDINATOR: Text("điều phối của Sở", "coordinator of the department"),
    Role.DEPT_LEADER: Text("lãnh đạo Sở", "leader of the department"),
    Role.SYSTEM: Text("hệ thống", "the system"),
}
"""Who took a step, as the timeline says it: the role, never the person."""
