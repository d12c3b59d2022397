"""A casebook as PDF, set by typst: its texts are data, and the stamp and the head of the log stand on every page."""

import importlib.resources
import json

import msgspec

from firstbreath.paper.casebook import Casebook
from firstbreath.paper.pdf import compile_source, quote_typst, spell_texts


def render_casebook_pdf(casebook: Casebook) -> bytes:
    """The casebook as a tagged PDF (PDF/UA-1), the same bytes for the same casebook."""
    return compile_source(lambda lacking: render_casebook_typst(casebook, lacking), msgspec.to_builtins(casebook))


def render_casebook_typst(casebook: Casebook, lacking: frozenset[str] = frozenset()) -> str:
    """The source typst sets the casebook from. `lacking` are letters to be written out as their code points."""
    layout = importlib.resources.files("firstbreath.paper").joinpath("templates", "casebook.typ").read_text("utf-8")
    data = spell_texts(msgspec.to_builtins(casebook) | {"sheets": msgspec.to_builtins(casebook.sheets)}, lacking)
    return f"#let book = json(bytes({quote_typst(json.dumps(data))}))\n{layout}"
