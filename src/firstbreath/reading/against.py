"""What stands against reading a stack of slices: each reason with its value, its limit and what to do.

Names to know: `against_kind` (what the slices are), `against_stack` (how they lie).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise

from firstbreath.events.decisions import Reason
from firstbreath.reading.scrub_tags import CT_IMAGE
from firstbreath.reading.stated import LOSSLESS, LOSSY, Stated

LEAST_SLICES, TOLERANCE, AXIAL, LEVEL = 10, 0.01, 0.9, 1e-3
"""Slices; the part of the spacing a gap may differ by; how near to axial; how far cosines may lie apart."""
LARGEST, MOST_VOXELS = 2048, 1_000_000_000
"""Rows or columns; voxels of a stack: 2 GB of Hounsfield units."""
DERIVED = ("LOCALIZER", "SECONDARY", "MPR", "PROJECTION IMAGE", "SCREEN SAVE", "MIP", "MINIP", "MIN_IP", "MAXIP")
TILT = 0.1
UNITS = ("", "HU", "US")
"""Hounsfield units, stated or by default; unspecified (US), which GDCM writes when it compresses a CT."""
SEND, OWN = "Send the axial CT series.", "Send the scanner's own files."
Vector = tuple[float, float, float]


def against_kind(slices: Sequence[Stated]) -> list[Reason]:
    """Why slices are no axial CT in Hounsfield units, each reason once; none of them looks at where they lie."""
    found = dict.fromkeys(reason for each in slices for reason in _against_slice(each))
    return list(found)


def _against_slice(stated: Stated) -> Iterator[Reason]:
    derived = next((kind for kind in DERIVED if any(kind in each for each in stated.kinds)), "")
    if stated.sop_class != CT_IMAGE or stated.modality != "CT":
        frames = " or of several frames in one file" if stated.modality == "CT" else ""
        text = f"Not a CT image{frames}: modality {stated.modality or 'not stated'}."
        yield Reason("SCAN-012", text, SEND)
    elif stated.samples != 1 or stated.colours != "MONOCHROME2":
        yield Reason("SCAN-012", "Pictures in colour or inverted, not Hounsfield units.", SEND)
    elif stated.frames != 1:
        yield Reason("SCAN-012", "Several frames in one file.", "Export the series with a file for each slice.")
    elif derived:
        yield Reason("SCAN-014", f"Not the slices of the scan: {derived.lower()}.", SEND)
    else:
        yield from _against_values(stated)


def _against_values(stated: Stated) -> Iterator[Reason]:
    """Why the values of a CT slice cannot be placed or trusted."""
    needed = {"Rows": stated.rows, "Columns": stated.columns, "PixelSpacing": min(stated.spacing, default=0) > 0,
              "ImagePositionPatient": stated.position, "ImageOrientationPatient": stated.orientation}  # fmt: skip
    lacking = [name for name, there in needed.items() if not there]
    if lacking:
        text = f"{', '.join(lacking)} is missing or no number in some slice."
        yield Reason("SCAN-013", text, "Send the series as the scanner made it.")
    if stated.lossy or stated.syntax in LOSSY:
        text = "The pictures were compressed with loss: their values are no longer what was measured."
        yield Reason("SCAN-021", text, "Export the series again, uncompressed.")
    elif stated.syntax not in LOSSLESS:
        yield Reason("SCAN-022", "The pixels are stored in a way that is not read here.", "Export it uncompressed.")
    if not _are_bits_usual(stated.bits):
        text = "Pixels of {} bits, {} of them used, the highest number {}, are not read here.".format(*stated.bits)
        yield Reason("SCAN-022", text, OWN)
    if max(stated.rows, stated.columns) > LARGEST:
        text = f"A slice of {stated.rows} × {stated.columns} pixels; the limit is {LARGEST} × {LARGEST}."
        yield Reason("SCAN-023", text, OWN)
    if len(stated.rescale) != 2 or not stated.rescale[0] or stated.units not in UNITS:
        yield Reason("SCAN-032", "Some slice does not say how its values become Hounsfield units.", OWN)


def _are_bits_usual(bits: tuple[int, int, int]) -> bool:
    allocated, stored, high = bits
    return allocated in (8, 16, 32) and 0 < stored <= allocated and high == stored - 1


def against_stack(slices: Sequence[Stated], normal: Vector, between_mm: float) -> list[Reason]:
    """Why slices, from head to foot, are no even upright stack.

    normal      of the slices, towards the head
    between_mm  from each to the next
    """
    return [
        *_against_shape(slices),
        *_against_direction(slices[0], normal),
        *_against_shear(slices, normal),
        *_against_gaps(slices, normal, between_mm),
    ]


def _against_shape(slices: Sequence[Stated]) -> Iterator[Reason]:
    first = slices[0]
    if len({(each.rows, each.columns) for each in slices}) > 1 or any(
        abs(one - other) > LEVEL * other
        for each in slices
        for one, other in zip(each.spacing, first.spacing, strict=True)
    ):
        yield Reason("SCAN-016", "The slices differ in size or in pixel spacing.", "Send one reconstruction.")
    if len(slices) < LEAST_SLICES:
        text = f"{len(slices)} slices are no chest; at least {LEAST_SLICES} are needed."
        yield Reason("SCAN-017", text, "Send the whole series.")
    if len(slices) * first.rows * first.columns > MOST_VOXELS:
        text = f"{len(slices)} slices of {first.rows} × {first.columns} are more than {MOST_VOXELS:,} voxels."
        yield Reason("SCAN-023", text, "Send one series of the chest.")


def _against_direction(first: Stated, normal: Vector) -> Iterator[Reason]:
    row, column = first.orientation[:3], first.orientation[3:]
    lengths = (_dot(row, row), _dot(column, column), 1 + _dot(row, column))
    if any(abs(each - 1) > 2 * LEVEL for each in lengths):
        text = "Rows and columns are not at right angles, or their directions are none."
        yield Reason("SCAN-013", text, OWN)
    elif abs(normal[2]) < AXIAL:
        yield Reason("SCAN-018", "The slices are not axial.", "Send the axial series.")


def _against_shear(slices: Sequence[Stated], normal: Vector) -> Iterator[Reason]:
    """A tilted gantry, or slices that are not stacked along their normal: by a hundredth of the way, or by a pixel."""
    tilt = max((abs(each.tilt) for each in slices if math.isfinite(each.tilt)), default=0.0)
    if tilt > TILT:
        text = f"The gantry was tilted by {tilt:g}°: the stack is sheared."
        yield Reason("SCAN-019", text, "Send a series reconstructed without tilt.")
        return
    first, last = slices[0].position, slices[-1].position
    far = [_off(first, each.position, normal) for each in slices]
    if far[-1] > TOLERANCE * abs(_dot(first, normal) - _dot(last, normal)) or max(far) > min(slices[0].spacing):
        text = f"The slices are not one above the other: {max(far):.1f} mm aside, the stack is sheared or mixed."
        yield Reason("SCAN-019", text, "Send one series reconstructed without tilt.")


def _off(one: Sequence[float], other: Sequence[float], normal: Vector) -> float:
    """How far a place lies aside of the normal through another, mm."""
    way = [a - b for a, b in zip(one, other, strict=True)]
    along = _dot(way, normal)
    return math.sqrt(sum((a - along * n) ** 2 for a, n in zip(way, normal, strict=True)))


def _against_gaps(slices: Sequence[Stated], normal: Vector, between_mm: float) -> Iterator[Reason]:
    places = [_dot(each.position, normal) for each in slices]
    gaps = [early - late for early, late in pairwise(places)]
    wrong = [(n, gap) for n, gap in enumerate(gaps, 1) if abs(gap - between_mm) > TOLERANCE * between_mm]
    if wrong:
        n, gap = wrong[0]
        text = f"After slice {n} of {len(slices)} the next is {gap:.2f} mm on, not {between_mm:.2f} mm"
        more = f", and at {len(wrong) - 1} more places" if len(wrong) > 1 else ""
        yield Reason("SCAN-020", f"{text}{more}: slices are missing.", "Send the whole series.")


def normal_of(stated: Stated) -> Vector:
    """The normal of a slice, towards the head; zeros where it states no orientation."""
    if not stated.orientation:
        return 0.0, 0.0, 0.0
    a, b = stated.orientation[:3], stated.orientation[3:]
    normal = (a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0])
    return normal if normal[2] >= 0 else (-normal[0], -normal[1], -normal[2])


def _dot(one: Sequence[float], other: Sequence[float]) -> float:
    return math.fsum(a * b for a, b in zip(one, other, strict=True))
