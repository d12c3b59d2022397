"""The lungs drawn from the front: a shape for each of the usual 18 segments, shared by the paper and the pages.

Names to know: `SHAPES`, `name_of`, `trace`. Never here: a number of a trial, or a way to draw.
"""

import re
from collections.abc import Mapping
from itertools import pairwise

import msgspec

WIDE, HIGH = 320, 330
"""The size of the drawing; y grows downward, and the patient's right is on the left."""


class Shape(msgspec.Struct, frozen=True):
    """A region: its outline as an SVG path, and where its name stands on a page.

    lower   how much lower the name stands in print, where letters are larger
    narrow  whether two numbers fit only below each other
    """

    d: str
    x: int
    y: int
    lower: int = 0
    narrow: bool = False


SHAPES: Mapping[str, Shape] = {
    "R1": Shape("M0 0H160V70Q80 86 0 72Z", 96, 37, lower=2),
    "R2": Shape("M0 72Q45 81 86 78L84 142Q40 144 0 141Z", 62, 107, lower=-8, narrow=True),
    "R3": Shape("M86 78Q125 77 160 70V136Q125 141 84 142Z", 110, 103, lower=-4, narrow=True),
    "R4": Shape("M0 141Q40 144 84 142L86 197Q40 183 0 174Z", 56, 157, lower=-2, narrow=True),
    "R5": Shape("M84 142Q125 141 160 136V228Q125 211 86 197Z", 112, 171, lower=-4, narrow=True),
    "R6": Shape("M0 174Q40 183 86 197Q125 211 160 228V266Q120 250 80 238Q40 228 0 220Z", 72, 205, lower=3),
    "R7": Shape("M110 247Q135 256 160 266V340H110Z", 125, 273, lower=-4, narrow=True),
    "R8": Shape("M48 230Q64 234 80 238V340H48Z", 64, 257, narrow=True),
    "R9": Shape("M0 220Q25 225 48 230V340H0Z", 31, 253, narrow=True),
    "R10": Shape("M80 238Q95 242 110 247V340H80Z", 95, 263, lower=-4, narrow=True),
    "L1_2": Shape("M160 0H320V84Q240 94 160 82Z", 222, 41),
    "L3": Shape("M160 82Q240 94 320 84V138Q240 146 160 138Z", 228, 103),
    "L4": Shape("M160 138Q240 146 320 138V172Q240 182 160 176Z", 228, 151, lower=5),
    "L5": Shape("M160 176Q240 182 320 172V198Q240 214 160 246Z", 232, 191, lower=2),
    "L6": Shape("M320 198Q240 214 160 246V280Q240 256 320 242Z", 262, 223, lower=2),
    "L7_8": Shape("M272 249Q254 252 236 257V340H272Z", 254, 273, lower=-6, narrow=True),
    "L9": Shape("M320 242Q295 245 272 249V340H320Z", 287, 271, lower=-3, narrow=True),
    "L10": Shape("M236 257Q200 266 160 280V340H236Z", 221, 274, narrow=True),
}
"""The regions by segment, each cut by the outline of its lung."""

OUTLINES: Mapping[str, str] = {
    "R": (
        "M98 10C66 12 40 70 28 150C18 215 12 270 14 318C40 302 95 292 139 312"
        "C143 270 141 215 141 170C141 110 139 55 124 26C117 14 108 10 98 10Z"
    ),
    "L": (
        "M222 10C254 12 280 70 292 150C302 215 308 270 306 318C282 302 240 294 194 312C202 294 204 278 200 264"
        "C190 248 186 228 187 206C188 190 180 182 179 170C179 110 181 55 196 26C203 14 212 10 222 10Z"
    ),
}
"""The two lungs by the first letter of their segments."""

AIRWAY = "M160 0V58M160 56Q154 78 134 92M160 56Q166 78 186 92"


def name_of(segment: str) -> str:
    """The segment as it is printed: `L7+8` for `L7_8`; one that the map does not have stands as it is."""
    return segment.replace("_", "+") if segment in SHAPES else segment


Point = tuple[float, float]
CLOSE, CODES = 79, {"M": 1, "L": 2, "H": 2, "V": 2, "Q": 3, "C": 4}
"""matplotlib's codes of a path's parts."""


def trace(d: str) -> tuple[tuple[Point, int], ...]:
    """The points of a path of absolute SVG commands, each with matplotlib's code of its part."""
    found: list[tuple[Point, int]] = []
    for command, rest in re.findall(r"([A-Z])([^A-Z]*)", d):
        last = found[-1][0] if found else (0.0, 0.0)
        if command == "Z":
            found.append((last, CLOSE))
            continue
        points = _points(command, [float(part) for part in rest.split()], last)
        found += [(point, CODES[command]) for point in points]
    return tuple(found)


def _points(command: str, numbers: list[float], last: Point) -> list[Point]:
    if command == "H":
        return [(x, last[1]) for x in numbers]
    if command == "V":
        return [(last[0], y) for y in numbers]
    return [pair for place, pair in enumerate(pairwise(numbers)) if place % 2 == 0]
