"""Text made safe to print."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firstbreath.paper.plain import LONG_WORD, anchor, has_long_word, render_line, render_plain, render_short


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("2.0 × 10⁸ vesicles, ≤ 93 %", "2.0 × 10⁸ vesicles, ≤ 93 %"),
        ("a\x00b", "a⟨U+0000⟩b"),
        ("left\u202eright", "left⟨U+202E⟩right"),
        ("half \ud800", "half ⟨U+D800⟩"),
        ("no character \ufffe", "no character ⟨U+FFFE⟩"),
        ("two\r\nlines\tand a tab", "two\nlines\tand a tab"),
    ],
)
def test_what_cannot_be_seen_is_written_out(text: str, printed: str) -> None:
    assert render_plain(text) == printed


def test_a_line_has_one_space_between_words() -> None:
    assert render_line(" two\n lines\t") == "two lines"


def test_a_short_text_says_that_it_was_cut() -> None:
    assert render_short("abcdef", 4) == "abc…"
    assert render_short("abcd", 4) == "abcd"


def test_long_words_are_told_from_long_sentences() -> None:
    assert has_long_word("a" * (LONG_WORD + 1))
    assert not has_long_word("many short words " * LONG_WORD)


@given(st.text(), st.text())
def test_no_two_names_have_one_anchor(one: str, other: str) -> None:
    assert (anchor("r", one) == anchor("r", other)) == (one == other)


@given(st.text())
def test_an_anchor_needs_no_escape_in_a_page_or_an_address(name: str) -> None:
    assert set(anchor("r", name)) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-~")
