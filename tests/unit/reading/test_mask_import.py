"""A mask made elsewhere lies on the scan however its axes were written, or is refused with the reason."""

from __future__ import annotations

import gzip
import itertools
import struct

import msgspec
import numpy as np
import pytest

from firstbreath.reading.mask_import import read_mask
from firstbreath.reading.phantom import phantom_geometry
from firstbreath.reading.refused import ScanRefused

SHAPE, SPACING = (12, 20, 16), (8.0, 2.0, 3.0)
GEOMETRY = phantom_geometry(SHAPE, SPACING)
INSIDE = np.random.default_rng(4).random(SHAPE) > 0.7


def nifti(voxels, affine, *, code: int = 2, sform: int = 1, magic: bytes = b"n+1\0") -> bytes:
    """A NIfTI-1 file of voxels (i, j, k) under an affine in NIfTI's axes, written by hand."""
    header = bytearray(352)
    struct.pack_into("<i", header, 0, 348)
    struct.pack_into("<8h", header, 40, 3, *voxels.shape, 1, 1, 1, 1)
    struct.pack_into("<hh", header, 70, code, 8)
    struct.pack_into("<f", header, 108, 352.0)
    struct.pack_into("<2h", header, 252, 0, sform)
    struct.pack_into("<12f", header, 280, *np.asarray(affine, dtype=float)[:3].ravel())
    header[344:348] = magic
    return bytes(header) + voxels.astype("u1").tobytes(order="F")


def written(axes, flips) -> bytes:
    """The mask with its axes in that order and some of them turned round."""
    steps = np.column_stack(
        [
            np.array(GEOMETRY.along_stack) * SPACING[0],
            np.array(GEOMETRY.along_column) * SPACING[1],
            np.array(GEOMETRY.along_row) * SPACING[2],
        ]
    )
    origin, voxels = np.array(GEOMETRY.origin_mm, dtype=float), INSIDE
    for place in range(3):
        if flips[place]:
            origin = origin + steps[:, place] * (SHAPE[place] - 1)
            steps[:, place] *= -1
            voxels = np.flip(voxels, axis=place)
    affine = np.column_stack([steps[:, list(axes)], origin]) * np.array([[-1], [-1], [1]])
    return nifti(np.transpose(voxels, axes), affine)


@pytest.mark.parametrize("axes", list(itertools.permutations(range(3))))
@pytest.mark.parametrize("flips", list(itertools.product((False, True), repeat=3)))
def test_mask_lies_on_the_scan_however_it_was_written(axes, flips):
    mask = read_mask(written(axes, flips), GEOMETRY)
    assert np.array_equal(mask.inside, INSIDE)
    assert mask.volume_ml == pytest.approx(INSIDE.sum() * 0.048)


def test_packed_is_read_too():
    assert np.array_equal(read_mask(gzip.compress(written((2, 1, 0), (0, 0, 0))), GEOMETRY).inside, INSIDE)


PLAIN = written((2, 1, 0), (0, 0, 0))


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "MASK-001"),
        (b"x" * 500, "MASK-001"),
        (gzip.compress(PLAIN)[:100], "MASK-001"),
        (gzip.compress(bytes(520_000_000)), "MASK-002"),
        (PLAIN[:-10], "MASK-003"),
        (nifti(INSIDE, np.eye(4), sform=0), "MASK-004"),
        (nifti(INSIDE, np.full((4, 4), np.nan)), "MASK-004"),
        (nifti(INSIDE, np.eye(4)), "MASK-005"),
    ],
    ids=["empty", "no NIfTI", "cut gzip", "bomb", "cut", "no place", "no number", "elsewhere"],
)
def test_what_is_no_mask_of_this_scan_is_refused(content, code):
    with pytest.raises(ScanRefused) as refused:
        read_mask(content, GEOMETRY)
    assert [reason.code for reason in refused.value.reasons] == [code]


def test_mask_of_a_scan_beside_this_one_is_refused():
    beside = msgspec.structs.replace(GEOMETRY, origin_mm=(0.0, 0.0, 0.0))
    with pytest.raises(ScanRefused):
        read_mask(PLAIN, beside)
