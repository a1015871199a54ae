"""The main menu: what each role sees first. Pages and their services: the Caddyfile."""

from typing import NamedTuple

from shared.identity import Actor, Role


class Entry(NamedTuple):
    href: str
    label: str
    roles: frozenset[Role] | None
    """None: everyone."""


EVERYONE = frozenset(Role)
ENTRIES = (
    Entry("/", "Danh mục", None),
    Entry("/cua-toi", "Bài toán của đơn vị", frozenset({Role.DRAFTER, Role.APPROVER})),
    Entry("/dieu-phoi", "Hàng chờ", frozenset({Role.COORDINATOR, Role.DEPT_LEADER})),
    Entry("/ket-noi", "Bài toán phù hợp", frozenset({Role.RESEARCHER})),
    Entry("/ket-noi/ho-so", "Hồ sơ chuyên môn", frozenset({Role.RESEARCHER})),
    Entry("/ket-noi/theo-doi", "Theo dõi", frozenset({Role.RESEARCHER})),
    Entry("/hop-thu", "Hộp thư", EVERYONE),
    Entry("/intake/van-hanh", "Vận hành", frozenset({Role.OPS})),
)


def menu(actor: Actor) -> list[Entry]:
    return [e for e in ENTRIES if e.roles is None or actor.has(*e.roles)]
