"""A standing interest."""

import pytest

from services.matching.engine.text import folded_words
from services.matching.profiles.saved_search import SavedSearch, Traits
from tests.services.matching.samples import MARKET


@pytest.mark.parametrize(
    ("search", "fits"),
    [
        (SavedSearch("mọi bài toán"), True),
        (SavedSearch("chợ", "sạp chợ"), True),
        (SavedSearch("không dấu", "sap cho"), True),
        (SavedSearch("thiếu một từ", "sạp tôm"), False),
        (SavedSearch("nửa chữ", "ngay tron"), False),
        (SavedSearch("ngành", field_codes=("502",)), True),
        (SavedSearch("lĩnh vực cấp 1", field_codes=("5",)), True),
        (SavedSearch("lĩnh vực khác", field_codes=("3",)), False),
        (SavedSearch("đơn vị", unit_id="so-cong-thuong"), True),
        (SavedSearch("đơn vị khác", unit_id="so-y-te"), False),
        (SavedSearch("nơi", place="phuong cho lon"), True),
        (SavedSearch("nơi khác", place="Cần Giờ"), False),
    ],
    ids=lambda value: value.name if isinstance(value, SavedSearch) else "",
)
def test_every_filter_must_let_the_problem_pass(search: SavedSearch, fits: bool) -> None:
    problem = Traits(folded_words(MARKET), ("502",), "so-cong-thuong", ("Phường Chợ Lớn",))
    assert search.finds(problem) is fits
