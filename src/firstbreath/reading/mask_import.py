"""A lung mask that was made elsewhere, as NIfTI-1 or DICOM SEG: taken where it lies on the scan, voxel by voxel."""

from __future__ import annotations

import gzip
import io
import struct
from typing import Any

from firstbreath.events.decisions import Reason
from firstbreath.reading.lung_mask import Mask
from firstbreath.reading.mask_segmentation import is_segmentation, read_segmentation
from firstbreath.reading.refused import ScanRefused, refuse
from firstbreath.reading.volume import Geometry

HEADER, OFFSET, MAGIC, MAX_BYTES = 348, 352, (b"n+1\0",), 512_000_000
TYPES = {2: "u1", 4: "i2", 8: "i4", 16: "f4", 64: "f8", 256: "i1", 512: "u2", 768: "u4"}
OFF_MM, OFF_SPACING = 0.5, 0.01
METHOD = "mask made elsewhere"


def read_mask(content: bytes, geometry: Geometry) -> Mask:
    """The mask in a NIfTI-1 file (.nii or .nii.gz) or a DICOM segmentation, turned to lie as the scan does.

    Every voxel above 0.5 is lung.

    Raises `ScanRefused` when the file is none, lacks its place in the patient, or is not on the scan's grid.
    Source: the NIfTI-1 standard (nifti1.h); its axes are right, front, head, those of DICOM left, back, head.
    """
    placed = read_segmentation(content, geometry) if is_segmentation(content) else _nifti(content)
    inside = _turned(*placed, geometry)
    return Mask(inside, float(inside.sum() * geometry.voxel_ml), METHOD)


def render_mask(mask: Mask, geometry: Geometry) -> bytes:
    """The mask as it is kept: NIfTI-1, packed, on the scan's grid, with nothing of what else its file said."""
    import numpy as np

    header = bytearray(OFFSET)
    struct.pack_into("<i", header, 0, HEADER)
    struct.pack_into("<8h", header, 40, 3, geometry.columns, geometry.rows, geometry.slices, 1, 1, 1, 1)
    struct.pack_into("<2h", header, 70, 2, 8)
    struct.pack_into("<f", header, 108, OFFSET)
    struct.pack_into("<2h", header, 252, 0, 1)
    affine = np.column_stack([_steps(geometry)[:, ::-1], geometry.origin_mm]) * np.array([[-1], [-1], [1]])
    struct.pack_into("<12f", header, 280, *affine.ravel())
    header[344:348] = MAGIC[0]
    return gzip.compress(bytes(header) + mask.inside.astype("u1").tobytes(), compresslevel=1, mtime=0)


def _nifti(content: bytes) -> tuple[Any, Any]:
    """The voxels (i, j, k) of a NIfTI-1 file, and their place: voxel to patient in DICOM's axes, (3, 4), mm."""
    import numpy as np

    data = _unpacked(content)
    order, shape, kind, offset = _header(data)
    affine = _affine(data, order)
    wanted = np.prod(shape, dtype=np.int64) * np.dtype(kind).itemsize
    if not HEADER <= offset <= len(data) or len(data) - offset < wanted:
        raise refuse("MASK-003", "The file is shorter than its header says.", "Export the mask again.")
    voxels = np.frombuffer(data, dtype=f"{order}{kind}", count=int(np.prod(shape)), offset=offset)
    return voxels.reshape(shape, order="F") > 0.5, affine


def _unpacked(content: bytes) -> bytes:
    if content[:2] != b"\x1f\x8b":
        return content
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as packed:
            data = packed.read(MAX_BYTES + 1)
    except (OSError, EOFError) as broken:
        raise refuse("MASK-001", "The file cannot be unpacked.", "Export the mask again.") from broken
    if len(data) > MAX_BYTES:
        raise refuse("MASK-002", "The file grows beyond any mask.", "Export the mask of one scan.")
    return data


def _header(data: bytes) -> tuple[str, tuple[int, int, int], str, int]:
    """Byte order, shape, kind of number and where the voxels begin."""
    if len(data) < HEADER or data[344:348] not in MAGIC:
        raise refuse("MASK-001", "This is neither NIfTI-1 nor DICOM.", "Export the mask as .nii, .nii.gz or DICOM SEG.")
    order = "<" if struct.unpack_from("<i", data)[0] == HEADER else ">"
    dims = struct.unpack_from(f"{order}8h", data, 40)
    code = struct.unpack_from(f"{order}h", data, 70)[0]
    offset = struct.unpack_from(f"{order}f", data, 108)[0]
    if dims[0] not in (3, 4) or min(dims[1:4]) < 1 or (dims[0] == 4 and dims[4] != 1) or code not in TYPES:
        raise refuse("MASK-001", "The file holds no single mask of three dimensions.", "Export the mask alone.")
    return order, (dims[1], dims[2], dims[3]), TYPES[code], int(offset) if 0 <= offset < MAX_BYTES else -1


def _affine(data: bytes, order: str) -> Any:
    """From voxel to patient in DICOM's axes, mm, shape (3, 4)."""
    import numpy as np

    qform, sform = struct.unpack_from(f"{order}2h", data, 252)
    if sform > 0:
        rows = np.array(struct.unpack_from(f"{order}12f", data, 280), dtype=float).reshape(3, 4)
    elif qform > 0:
        rows = _from_quaternion(data, order)
    else:
        raise refuse("MASK-004", "The file does not say where the mask lies.", "Export it with its sform or qform.")
    if not np.isfinite(rows).all():
        raise refuse("MASK-004", "The file does not say where the mask lies.", "Export it with its sform or qform.")
    return rows * np.array([[-1], [-1], [1]])


def _from_quaternion(data: bytes, order: str) -> Any:
    import numpy as np

    b, c, d, *shift = struct.unpack_from(f"{order}6f", data, 256)
    steps = struct.unpack_from(f"{order}8f", data, 76)
    a = max(0.0, 1 - b * b - c * c - d * d) ** 0.5
    turn = np.array(
        [
            [a * a + b * b - c * c - d * d, 2 * (b * c - a * d), 2 * (b * d + a * c)],
            [2 * (b * c + a * d), a * a + c * c - b * b - d * d, 2 * (c * d - a * b)],
            [2 * (b * d - a * c), 2 * (c * d + a * b), a * a + d * d - b * b - c * c],
        ]
    )
    scale = np.array([steps[1], steps[2], steps[3] * (-1 if steps[0] < 0 else 1)])
    return np.column_stack([turn * scale, shift])


def _turned(inside: Any, affine: Any, geometry: Geometry) -> Any:
    """The mask with its axes in the order and direction of the scan's, when every corner falls on the scan's."""
    import numpy as np

    steps = _steps(geometry)
    if not np.isfinite(affine).all():
        raise refuse("MASK-004", "The file does not say where the mask lies.", "Export it with its place.")
    shape = (geometry.slices, geometry.rows, geometry.columns)
    to_scan = np.linalg.solve(steps, affine[:, :3])
    axes = [int(np.argmax(np.abs(to_scan[place]))) for place in range(3)]
    moved = np.transpose(inside, axes) if sorted(axes) == [0, 1, 2] else inside
    turned = to_scan[:, axes] if sorted(axes) == [0, 1, 2] else to_scan
    if moved.shape != shape or np.abs(np.abs(turned) - np.eye(3)).max() > OFF_SPACING:
        raise _elsewhere()
    origin = affine[:, 3].copy()
    for place in range(3):
        if turned[place, place] < 0:
            origin = origin + affine[:, axes[place]] * (shape[place] - 1)
            moved = np.flip(moved, axis=place)
    if np.abs(origin - np.array(geometry.origin_mm)).max() > OFF_MM:
        raise _elsewhere()
    return np.ascontiguousarray(moved)


def _steps(geometry: Geometry) -> Any:
    """From one voxel of the scan to the next, mm: along the stack, down a column, along a row, as columns."""
    import numpy as np

    directions = (geometry.along_stack, geometry.along_column, geometry.along_row)
    return np.column_stack([np.array(way) * step for way, step in zip(directions, geometry.spacing_mm, strict=True)])


def _elsewhere() -> ScanRefused:
    text = "The mask is not on the grid of this scan: its voxels, spacing or place differ."
    return ScanRefused(Reason("MASK-005", text, "Make it from the archive copy of this scan, without resampling."))
