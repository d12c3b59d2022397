"""The lungs as a map: a region for each of the usual 18 segments, from the one drawing of the reader's desk."""

import re
from collections.abc import Callable, Mapping
from functools import cache, partial
from importlib.resources import files

import msgspec

from firstbreath.paper.rows import ABSENT, Result
from firstbreath.protocol.values import Charter

REGION = re.compile(
    r'<path data-segment="(?P<id>\w+)"[^>]*? d="(?P<d>[^"]+)"/><text class="lung-name" x="(?P<x>\d+)" y="(?P<y>\d+)">'
)
UNDER = 17
"""How far the number stands below the name."""
Printed = tuple[str, str]
"""What is printed in a region, and the shade that repeats it."""


class Shape(msgspec.Struct, frozen=True):
    """A region: its outline, and where its name stands."""

    d: str
    x: int
    y: int


class Region(msgspec.Struct, frozen=True):
    """A segment on a map: its shape, its side, what is printed in it, and the shade that repeats it."""

    name: str
    shape: Shape
    side: str
    text: str
    shade: str

    @property
    def below(self) -> int:
        """Where the number stands."""
        return self.shape.y + UNDER


class ChangeMap(msgspec.Struct, frozen=True):
    """One map: what it shows, and its regions."""

    title: str
    regions: tuple[Region, ...]


@cache
def read_shapes() -> Mapping[str, Shape]:
    """The regions of the drawing, by segment."""
    drawing = files("firstbreath.web").joinpath("templates", "reading", "lung_map.html").read_text("utf-8")
    return {found["id"]: Shape(found["d"], int(found["x"]), int(found["y"])) for found in REGION.finditer(drawing)}


def compute_maps(charter: Charter, endpoint: str, rows: Mapping[str, Result]) -> tuple[ChangeMap, ...]:
    """Median before, median after, and where scores fell and rose; nothing for segments that the map does not have."""
    begin = f"READ.segment.{endpoint}."
    drawn = [each.id for each in charter.segments if each.id in read_shapes() and f"{begin}{each.id}.n" in rows]
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
    return Region(segment.replace("_", "+"), read_shapes()[segment], side, *printed)


def _median(rows: Mapping[str, Result], side: str, name: str) -> Printed:
    row = rows[f"{name}{side}"]
    return row.printed, "none" if row.printed == ABSENT else row.printed.partition(".")[0]


def _change(rows: Mapping[str, Result], name: str) -> Printed:
    fell, rose = int(rows[f"{name}lower"].value), int(rows[f"{name}higher"].value)
    shade = "fell" if fell > rose else "rose" if rose > fell else "same"
    return f"\N{DOWNWARDS ARROW}{fell} \N{UPWARDS ARROW}{rose}", shade
