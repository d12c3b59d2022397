"""How a scan is kept: scrubbed copies of its slices in a zip, and its voxels slice by slice for the viewer."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import TYPE_CHECKING

from firstbreath.reading.decode import slice_bytes
from firstbreath.reading.refused import refuse
from firstbreath.reading.scrub import Hash, render_copy, scrub_archive
from firstbreath.reading.series import Series
from firstbreath.reading.stored import StoredScan, encode_stored
from firstbreath.reading.told import Told, counted, untold
from firstbreath.reading.volume import Volume

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

KEPT = (
    *("Rows", "Columns", "PixelSpacing", "ImagePositionPatient", "ImageOrientationPatient", "PixelData"),
    *("RescaleSlope", "RescaleIntercept"),
)
"""Without these a copy is no scan any more."""
EPOCH = (1980, 1, 1, 0, 0, 0)
Put = Callable[[bytes], str]
"""Keeps a file, encrypted under the key of the subject, and gives its name."""


def trial_named(trial: str, stamp: str) -> str:
    """The trial as its files name it: of one that is no real one the stamp comes first."""
    return f"{stamp} {trial}".strip()


def render_archive(
    series: Series, *, subject: str, time_point: str, trial: str, hashed: Hash, told: Told = untold
) -> bytes:
    """The archive copy: every slice without the person, from head to foot, in a zip.

    told  of each slice
    Raises `ScrubRefused` when a slice cannot be scrubbed, `ScanRefused` when that takes away what the image needs.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for number, each in enumerate(counted(series.slices, told), 1):
            copy = scrub_archive(
                each.dataset, subject=subject, time_point=time_point, trial=trial, number=number, hashed=hashed
            )
            lacking = [name for name in KEPT if name not in copy]
            if lacking:
                text = f"{lacking[0]} of slice {number} holds what no scanner writes there."
                raise refuse("SCAN-042", text, "Send the scanner's own files.")
            archive.writestr(zipfile.ZipInfo(f"{number:05}.dcm", EPOCH), render_copy(copy), zipfile.ZIP_DEFLATED, 1)
    return out.getvalue()


def keep_stack(volume: Volume, put: Put, told: Told = untold) -> str:
    """The name of the kept list of slices, each of which is kept under its own.

    told  of each slice
    """
    names = tuple(put(slice_bytes(volume, number)) for number in counted(range(volume.geometry.slices), told))
    return put(encode_stored(StoredScan(volume.geometry, names)))


def read_headers(archive: bytes) -> list[Dataset]:
    """The headers of an archive copy from head to foot, without pixels."""
    from pydicom import dcmread

    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        names = sorted(opened.namelist())
        return [dcmread(io.BytesIO(opened.read(name)), stop_before_pixels=True) for name in names]
