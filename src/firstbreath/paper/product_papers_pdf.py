"""The papers of the product as PDF, set by typst: their texts are data, never source."""

import importlib.resources
import json
from typing import Any

import msgspec

from firstbreath.paper.accountability_balance import BALANCE_COLUMNS, LOT_COLUMNS
from firstbreath.paper.accountability_log import LINE_COLUMNS, AccountabilityLog
from firstbreath.paper.destruction import EVENT_COLUMNS, UNSIGNED, VIAL_COLUMNS, Destruction
from firstbreath.paper.labels import CAUTION, Labels
from firstbreath.paper.pdf import compile_source, quote_typst, spell_texts

Papers = AccountabilityLog | Destruction | Labels
LAYOUTS: dict[type[Papers], tuple[str, ...]] = {
    AccountabilityLog: ("product_page.typ", "accountability.typ"),
    Destruction: ("product_page.typ", "destruction.typ"),
    Labels: ("labels.typ",),
}
WORDS: dict[str, Any] = {
    "line_columns": LINE_COLUMNS,
    "balance_columns": BALANCE_COLUMNS,
    "lot_columns": LOT_COLUMNS,
    "vial_columns": VIAL_COLUMNS,
    "event_columns": EVENT_COLUMNS,
    "unsigned": UNSIGNED,
    "caution": CAUTION,
}


def render_product_pdf(paper: Papers) -> bytes:
    """A paper of the product as a tagged PDF (PDF/UA-1), the same bytes for the same paper."""
    return compile_source(lambda lacking: render_product_typst(paper, lacking), msgspec.to_builtins(paper))


def render_product_typst(paper: Papers, lacking: frozenset[str] = frozenset()) -> str:
    """The source typst sets a paper from. `lacking` are letters to be written out as their code points."""
    folder = importlib.resources.files("firstbreath.paper").joinpath("templates")
    layout = "".join(folder.joinpath(name).read_text("utf-8") for name in LAYOUTS[type(paper)])
    data = spell_texts(msgspec.to_builtins(paper) | WORDS, lacking)
    return f"#let paper = json(bytes({quote_typst(json.dumps(data))}))\n{layout}"
