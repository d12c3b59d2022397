"""Labels of vials: the code as a scanner reads it and as a person does, and what the protocol and the lot say.

Name to know: `compose_labels`. Never here: a subject for a vial that was not taken out for one, or a word of storage
that the protocol does not say.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Literal, Protocol, get_args

import msgspec

from firstbreath.paper.plain import render_short
from firstbreath.paper.product_papers import PaperHead, head_of, storage_words, use_words
from firstbreath.product.state import Vial
from firstbreath.protocol.values import Protocol as TrialProtocol
from firstbreath.trial.state import Trial

Layout = Literal["sheet", "roll"]
LAYOUTS: tuple[Layout, ...] = get_args(Layout)
"""A sheet of A4 with 3 by 8 labels of 70 by 37 mm; or one label of 50 by 25 mm on each page, for a label printer."""
CAUTION = "For clinical trial use only"
LONGEST = 60


class Drawn(Protocol):
    """A QR code: its dark modules as the path of an SVG, one unit each, and the width with its quiet zone."""

    @property
    def path(self) -> str:
        """The dark modules."""

    @property
    def width(self) -> int:
        """The width in modules."""


class Label(msgspec.Struct, frozen=True):
    """What one label says; an empty text is not on it. `lines` are what may be left small."""

    code: str
    product: str
    batch: str
    subject: str
    lines: tuple[str, ...]
    picture: str


class Labels(msgspec.Struct, frozen=True):
    """Labels to be set on a sheet or on a roll."""

    top: PaperHead
    layout: Layout
    labels: tuple[Label, ...]


def compose_labels(
    trial: Trial,
    protocol: TrialProtocol,
    vials: Sequence[Vial],
    *,
    layout: Layout,
    head: str,
    draw: Callable[[str], Drawn],
) -> Labels:
    """A label for each of these vials, in order.

    head  the head of the log, as printed
    draw  the QR code of a text
    """
    labels = tuple(_label(trial, protocol, vial, draw(vial.code)) for vial in vials)
    return Labels(head_of(trial, protocol, head), layout, labels)


def _label(trial: Trial, protocol: TrialProtocol, vial: Vial, drawn: Drawn) -> Label:
    lot = trial.product.lots[vial.lot].body
    return Label(
        code=vial.code,
        product=render_short(protocol.design.product.name, LONGEST),
        batch=f"Lot {vial.lot}  Exp {lot.expires}",
        subject=f"Subject {render_short(vial.subject, LONGEST)}, day {vial.day}" if vial.subject else "",
        lines=tuple(_lines(protocol, lot.content, lot.volume_ml)),
        picture=render_svg(drawn),
    )


def _lines(protocol: TrialProtocol, content: str, volume_ml: str) -> Iterator[str]:
    design = protocol.design
    yield f"{render_short(content, LONGEST)} {render_short(design.product.unit, LONGEST)} in {volume_ml} ml"
    yield from (words for words in (storage_words(design.cold_chain), use_words(design.cold_chain)) if words)
    if design.trial.sponsor:
        yield f"Sponsor: {render_short(design.trial.sponsor, LONGEST)}"


def render_svg(drawn: Drawn) -> str:
    """A QR code as an SVG picture of black on white."""
    size = drawn.width
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" shape-rendering="crispEdges">'
        f'<rect width="{size}" height="{size}" fill="#fff"/><path d="{drawn.path}" fill="#000"/></svg>'
    )
