"""A QR code as the path of an SVG: for a telephone that sets up a second factor, and for the label of a vial."""

import msgspec
import segno

QUIET_ZONE = 2


class QrCode(msgspec.Struct, frozen=True):
    """The dark modules as a path, one unit each, and the width with its quiet zone."""

    path: str
    width: int


def draw_qr(text: str) -> QrCode:
    """The code of a text, with error correction M."""
    modules = segno.make(text, error="m", micro=False).matrix
    dark = [(x + QUIET_ZONE, y + QUIET_ZONE) for y, row in enumerate(modules) for x, module in enumerate(row) if module]
    return QrCode("".join(f"M{x} {y}h1v1h-1z" for x, y in dark), len(modules) + 2 * QUIET_ZONE)
