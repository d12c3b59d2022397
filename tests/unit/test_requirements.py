"""Every requirement of 21 CFR Part 11 has a test, and what a run says of it is written beside it."""

import pytest
from docs.part11 import REQUIREMENTS, find_proofs, render_page, render_results


@pytest.mark.part11(2)
def test_every_requirement_has_a_test():
    assert [row for row, proofs in find_proofs().items() if not proofs] == []


def test_no_test_carries_a_mark_of_no_requirement():
    assert find_proofs().keys() == set(range(1, len(REQUIREMENTS) + 1))


def test_a_test_that_failed_stands_beside_its_requirement():
    page = render_results({5: {"tests/a.py::test_x": "passed", "tests/a.py::test_y": "failed"}})
    assert "| 5 | 11.10(d) | Every address and act refuses" in page
    assert "| 1 | tests/a.py::test_y (failed) |" in page


def test_page_names_every_clause():
    page = render_page()
    assert all(f"{row}. {asked.clause}" in page for row, asked in enumerate(REQUIREMENTS, 1))
