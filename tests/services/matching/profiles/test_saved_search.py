"""A standing interest."""

import pytest

from services.matching.profiles.profile import SavedSearch
from shared.folding import folded
from tests.services.matching.samples import MARKET


@pytest.mark.parametrize(
    ("search", "fits"),
    [
        (SavedSearch("mọi bài toán"), True),
        (SavedSearch("chợ", "sạp chợ"), True),
        (SavedSearch("không dấu", "sap cho"), True),
        (SavedSearch("thiếu một từ", "sạp tôm"), False),
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
    found = search.fits(
        words=folded(MARKET), field_codes=("502",), unit_id="so-cong-thuong", places=("Phường Chợ Lớn",)
    )
    assert found is fits
