"""What the fields of the record are called, and what to do where one is missing."""

from shared.refusals import Text

TITLE_MIN, TITLE_MAX = 12, 120
LABELS = {
    "title": Text("Tên đề bài", "Title"),
    "statement": Text("Vấn đề", "The problem"),
    "statement.who": Text("Ai gặp khó khăn", "Who is in difficulty"),
    "statement.trouble": Text("Không làm được gì", "What they cannot do"),
    "statement.cause": Text("Vì sao", "Why"),
    "statement.consequence": Text("Hậu quả", "What follows from it"),
    "affected": Text("Nhóm chịu ảnh hưởng", "Who is affected"),
    "baseline": Text("Hiện trạng", "Where it stands now"),
    "target": Text("Đích cần đạt", "Target"),
    "tried": Text("Đã thử gì", "What was tried"),
    "never_tried": Text("Chưa từng thử", "Nothing tried yet"),
    "place": Text("Phạm vi địa bàn", "Where"),
    "field_codes": Text("Lĩnh vực", "Field"),
    "owner": Text("Người phụ trách đề bài", "Who is in charge"),
    "needed_by": Text("Cần trước ngày", "Needed by"),
    "budget": Text("Kinh phí tối đa", "Budget ceiling"),
    "budget_source": Text("Nguồn kinh phí", "Source of funds"),
    "must_connect": Text("Hệ thống phải kết nối", "Systems to connect to"),
    "must_not": Text("Điều không được", "What must not happen"),
    "legal_basis": Text("Căn cứ", "Legal basis"),
    "data": Text("Dữ liệu có gì", "Data at hand"),
    "no_data": Text("Chưa có dữ liệu", "No data yet"),
    "expected_output": Text("Yêu cầu đối với kết quả", "What the result must do"),
    "expected_benefit": Text("Hiệu quả dự kiến", "Expected benefit"),
    "adopters": Text("Nơi sẽ áp dụng", "Who will use it"),
    "pilot_site": Text("Nơi áp dụng thử", "Pilot site"),
    "pilot_from": Text("Thử được từ ngày", "Pilot possible from"),
    "existing": Text("Giải pháp đã có", "Existing solution"),
    "visibility": Text("Ai được xem", "Who may see it"),
    "illustrative": Text("Dữ liệu minh họa", "Made up for demonstration"),
}
"""Also the fields that a question of the reviewers may be tied to."""

CELLS = {
    "affected.group": Text("Nhóm nào", "Which group"),
    "affected.count": Text("Bao nhiêu", "How many"),
    "affected.source": Text("Nguồn của con số", "Source of the number"),
    "baseline.metric": Text("Đo cái gì", "What is measured"),
    "baseline.value": Text("Con số", "The number"),
    "baseline.unit": Text("Đơn vị tính", "Unit of measure"),
    "baseline.period": Text("Kỳ đo", "Period measured"),
    "baseline.source": Text("Nguồn của con số", "Source of the number"),
    "target.metric": Text("Đo cái gì", "What is measured"),
    "target.value": Text("Con số", "The number"),
    "target.unit": Text("Đơn vị tính", "Unit of measure"),
    "target.due": Text("Trước ngày", "By"),
    "tried.what": Text("Đã làm gì", "What was done"),
    "tried.year": Text("Năm", "Year"),
    "tried.result": Text("Kết quả", "Result"),
    "data.name": Text("Dữ liệu gì", "What data"),
    "data.since": Text("Từ khi nào", "Since when"),
    "data.format": Text("Định dạng", "Format"),
    "data.personal": Text("Dữ liệu cá nhân", "Personal data"),
    "data.access": Text("Chia sẻ thế nào", "How it can be shared"),
}
"""What a row of the form asks for."""

ADVICE = {
    "statement.who": Text("Cho biết ai gặp khó khăn", "Say who is in difficulty"),
    "statement.trouble": Text("Nêu việc không làm được", "Say what they cannot do"),
    "statement.cause": Text("Nêu nguyên nhân", "Say why"),
    "statement.consequence": Text("Nêu hậu quả", "Say what follows from it"),
    "affected": Text("Nêu ít nhất một nhóm chịu ảnh hưởng", "Name at least one affected group"),
    "baseline": Text("Ghi ít nhất một con số hiện trạng", "Give at least one number of how it stands now"),
    "target": Text("Ghi ít nhất một con số cần đạt", "Give at least one target number"),
    "place": Text("Ghi ít nhất một địa bàn", "Name at least one place"),
    "field_codes": Text("Chọn ít nhất một lĩnh vực", "Choose at least one field"),
    "owner": Text("Ghi chức danh người phụ trách, không ghi tên", "Give the position in charge, not a name"),
    "needed_by": Text("Chọn ngày cần có kết quả", "Choose the day by which it is needed"),
    "expected_output": Text("Nêu kết quả phải làm được gì", "Say what the result must do"),
    "adopters": Text("Ghi ít nhất một nơi sẽ áp dụng", "Name at least one place that will use it"),
}
TITLE_LENGTH = Text(
    "Viết tên đề bài từ {least} đến {most} ký tự", "Write a title of {least} to {most} characters"
).fill({"least": TITLE_MIN, "most": TITLE_MAX})
CONSTRAINT = Text(
    "Ghi một hệ thống phải kết nối hoặc một điều không được",
    "Name one system to connect to or one thing that must not happen",
)
DATA = Text(
    "Kể dữ liệu có thể chia sẻ, hoặc chọn «Chưa có dữ liệu»", "List the data you can share, or tick “No data yet”"
)
DATA_AND_NONE = Text(
    "Bỏ chọn «Chưa có dữ liệu», hoặc bỏ các dòng dữ liệu", "Untick “No data yet”, or take out the rows of data"
)
TRIED = Text("Kể việc đã thử, hoặc chọn «Chưa từng thử»", "Tell what was tried, or tick “Nothing tried yet”")
TRIED_AND_NEVER = Text(
    "Bỏ chọn «Chưa từng thử», hoặc bỏ các dòng đã thử",
    "Untick “Nothing tried yet”, or take out the rows of what was tried",
)
