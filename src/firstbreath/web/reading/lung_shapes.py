"""The lungs as a map: a region for each of the usual 18 segments, from the shapes that the paper's figure has too."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import partial
from math import ceil

import msgspec

from firstbreath.paper.lung_shapes import OUTLINES, SHAPES, Shape, name_of
from firstbreath.paper.rows import ABSENT, Result
from firstbreath.protocol.values import Charter

UNDER, LINE = 13, 11
"""How far the first line stands below the name, and each further one below the last."""
Printed = tuple[tuple[str, ...], str]
"""What is printed in a region, which is one line where there is room, and the shade that repeats it."""


class Region(msgspec.Struct, frozen=True):
    """A segment on a map: its shape, its side, what is printed in it, and the shade that repeats it."""

    name: str
    shape: Shape
    side: str
    texts: tuple[str, ...]
    shade: str

    @property
    def text(self) -> str:
        """What is printed, in one line."""
        return " ".join(self.texts)

    @property
    def lines(self) -> tuple[tuple[int, str], ...]:
        """Every line with where it stands: below each other where the region is narrow."""
        texts = self.texts if self.shape.narrow else (self.text,)
        return tuple((self.shape.y + UNDER + LINE * place, text) for place, text in enumerate(texts))


class ChangeMap(msgspec.Struct, frozen=True):
    """One map: what it shows, and its regions."""

    title: str
    regions: tuple[Region, ...]

    @property
    def outlines(self) -> tuple[tuple[str, str], ...]:
        """Each side with the outline of its lung."""
        return (("right", OUTLINES["R"]), ("left", OUTLINES["L"]))


def compute_maps(charter: Charter, endpoint: str, rows: Mapping[str, Result]) -> tuple[ChangeMap, ...]:
    """Median before, median after, and where scores fell and rose; nothing for segments that the map does not have."""
    begin = f"READ.segment.{endpoint}."
    drawn = [each.id for each in charter.segments if each.id in SHAPES and f"{begin}{each.id}.n" in rows]
    if not drawn:
        return ()
    shown: tuple[tuple[str, Callable[[str], Printed]], ...] = (
        ("Median score before", partial(_median, rows, "before")),
        ("Median score after", partial(_median, rows, "after")),
        ("Patients in whom it fell and rose", partial(_change, rows)),
    )
    sides = {each.id: each.side for each in charter.segments}
    return tuple(
        ChangeMap(title, tuple(_region(each, sides[each], print_(f"{begin}{each}.")) for each in drawn))
        for title, print_ in shown
    )


def _region(segment: str, side: str, printed: Printed) -> Region:
    return Region(name_of(segment), SHAPES[segment], side, *printed)


def _median(rows: Mapping[str, Result], side: str, name: str) -> Printed:
    row = rows[f"{name}{side}"]
    return (row.printed,), "none" if row.printed == ABSENT else str(ceil(Fraction(row.value)))


def _change(rows: Mapping[str, Result], name: str) -> Printed:
    fell, rose = int(rows[f"{name}lower"].value), int(rows[f"{name}higher"].value)
    shade = "fell" if fell > rose else "rose" if rose > fell else "same"
    return (f"\N{DOWNWARDS ARROW}{fell}", f"\N{UPWARDS ARROW}{rose}"), shade
