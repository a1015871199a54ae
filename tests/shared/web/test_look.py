"""Templates and styles fit each other, and the content security policy."""

import re
from pathlib import Path

import pytest

from shared.web.assets import FOLDER
from shared.web.pages import TEMPLATES

ROOT = TEMPLATES.parents[2]
PAGES = [*TEMPLATES.glob("*.html"), *ROOT.glob("services/*/*/templates/*.html")]
STYLES = (FOLDER / "debai.css").read_text()
SCRIPT = (FOLDER / "debai.js").read_text()
MADE = {"ok", "warn", "err", "s0", "s1", "s2", "s3", "s4", "s5", "bad", "done", "now", "ahead", "unread"}
"""Given to a class list by an expression."""
FORBIDDEN = re.compile(
    r"<style|\sstyle=|\son[a-z]+=|hx-on|hx-vals|hx-live|<script(?! src=)|javascript:|hx-trigger=\"[^\"]*\["
)
"""What the policy blocks, or what htmx would need `eval` for."""


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def classes(template: str) -> set[str]:
    lists = re.findall(r'class="([^"]*)"', template)
    return {one for names in lists for one in re.sub(r"\S*{{.*?}}\S*|{%.*?%}", " ", names).split()}


def styled() -> set[str]:
    return set(re.findall(r"\.([a-z][a-z-]*[a-z0-9]*)", re.sub(r"url\([^)]*\)", "", STYLES)))


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_every_class_of_a_page_has_its_style(path: Path) -> None:
    assert classes(path.read_text()) - styled() == set()


def test_every_style_is_worn_by_a_page() -> None:
    worn = set[str]().union(*(classes(path.read_text()) for path in PAGES)) | MADE
    assert styled() - worn == set()


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_a_page_has_nothing_that_the_policy_blocks(path: Path) -> None:
    assert FORBIDDEN.findall(path.read_text()) == []


@pytest.mark.parametrize("planted", ['<p style="x">', '<a onclick="x">', "<script>x", '<p hx-trigger="click[a]">'])
def test_the_search_finds_a_planted_one(planted: str) -> None:
    assert FORBIDDEN.search(planted)


def test_the_script_needs_no_eval() -> None:
    assert not re.search(r"\beval\b|new Function|innerHTML|insertAdjacentHTML", SCRIPT)
