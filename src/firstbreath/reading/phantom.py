"""A generated chest: a body, two lungs, and spheres of known size in named segments. For tests and simulated trials.

Nothing here is anatomy: the centre of a segment is where a sphere of a few centimetres lies in the right lobe.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Any

import msgspec

from firstbreath.reading.volume import Geometry, Volume

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

AIR_HU, BODY_HU, LUNG_HU = -1000, 40, -850
GROUND_GLASS_HU, CONSOLIDATION_HU = -550, 20
BODY_MM, LUNG_MM, LUNG_X_MM = (150.0, 105.0), (52.0, 75.0, 130.0), 70.0
"""Half axes of the body and of each lung, left to right, front to back, up; how far a lung is from the middle."""
CENTRES = {
    "R1": (0.0, 0.0, 0.72), "R2": (0.2, 0.45, 0.48), "R3": (0.1, -0.5, 0.45), "R4": (0.5, -0.3, 0.0),
    "R5": (-0.3, -0.5, -0.05), "R6": (0.0, 0.6, 0.15), "R7": (-0.4, 0.0, -0.55), "R8": (0.1, -0.45, -0.55),
    "R9": (0.5, 0.1, -0.5), "R10": (0.0, 0.5, -0.58),
    "L1_2": (0.0, 0.15, 0.68), "L3": (0.1, -0.5, 0.4), "L4": (0.2, -0.5, 0.02), "L5": (0.2, -0.5, -0.3),
    "L6": (0.0, 0.6, 0.15), "L7_8": (-0.1, -0.3, -0.6), "L9": (0.5, 0.1, -0.5), "L10": (0.0, 0.5, -0.58),
}  # fmt: skip
"""The centre of each segment in half axes of its lung: away from the middle, to the back, up."""


NOTHING: Mapping[str, int] = {}


class Lesion(msgspec.Struct, frozen=True):
    """A sphere in a segment; its diameter is what a reader measures, mm."""

    segment: str
    diameter_mm: float
    hu: int = GROUND_GLASS_HU

    @property
    def volume_ml(self) -> float:
        """Its volume, ml."""
        return math.pi * self.diameter_mm**3 / 6000


def centre_of(segment: str) -> tuple[float, float, float]:
    """The centre of a segment in the patient, mm from the middle of the chest: to the left, to the back, up.

    Raises `KeyError` for a segment that is none of the 18.
    """
    away, back, up = CENTRES[segment]
    side = -1 if segment.startswith("R") else 1
    return side * (LUNG_X_MM + away * LUNG_MM[0]), back * LUNG_MM[1], up * LUNG_MM[2]


def build_phantom(
    lesions: Sequence[Lesion] = (),
    *,
    fills: Mapping[str, int] = NOTHING,
    shape: tuple[int, int, int] = (24, 192, 192),
    spacing_mm: tuple[float, float, float] = (12.0, 1.8, 1.8),
) -> Volume:
    """The chest with these lesions, each cut off where its lung ends.

    fills  Hounsfield units by segment: all of its lung that is nearest to the centre of this segment
    shape  slices, rows, columns; spacing_mm between them
    """
    import numpy as np

    geometry = phantom_geometry(shape, spacing_mm)
    z, y, x = (
        np.arange(count, dtype=np.float32) * step - (count - 1) * step / 2
        for count, step in zip(shape, spacing_mm, strict=True)
    )
    up, back, left = -z[:, None, None], y[None, :, None], x[None, None, :]
    voxels = np.full(shape, AIR_HU, dtype=np.int16)
    inside = (left / BODY_MM[0]) ** 2 + (back / BODY_MM[1]) ** 2 <= 1
    voxels[np.broadcast_to(inside, shape)] = BODY_HU
    lungs = np.zeros(shape, dtype=bool)
    for side in (-1, 1):
        lungs |= ((left - side * LUNG_X_MM) / LUNG_MM[0]) ** 2 + (back / LUNG_MM[1]) ** 2 + (up / LUNG_MM[2]) ** 2 <= 1
    voxels[lungs] = LUNG_HU
    for segment, hu in fills.items():
        voxels[lungs & _is_nearest(segment, (up, back, left))] = hu
    for lesion in lesions:
        at = centre_of(lesion.segment)
        sphere = (left - at[0]) ** 2 + (back - at[1]) ** 2 + (up - at[2]) ** 2 <= (lesion.diameter_mm / 2) ** 2
        voxels[sphere & lungs] = lesion.hu
    return Volume(geometry, voxels)


def _is_nearest(segment: str, place: tuple[Any, Any, Any]) -> Any:
    """Where no other centre of the same lung is nearer, and the lung is on that side."""
    import numpy as np

    side = -1 if segment.startswith("R") else 1
    distances = {
        name: sum((axis - at) ** 2 for axis, at in zip(place, reversed(centre_of(name)), strict=True))
        for name in CENTRES
        if name.startswith(segment[0])
    }
    nearest = np.minimum.reduce([*distances.values()])
    return (distances[segment] <= nearest) & (place[2] * side > 0)


def known_volumes_ml(lesions: Sequence[Lesion]) -> dict[str, float]:
    """The volume of the spheres of each segment by geometry, ml; what is shared or cut off is counted."""
    volumes: dict[str, float] = {}
    for lesion in lesions:
        volumes[lesion.segment] = volumes.get(lesion.segment, 0.0) + lesion.volume_ml
    return volumes


def phantom_geometry(shape: tuple[int, int, int], spacing_mm: tuple[float, float, float]) -> Geometry:
    """Where such a stack lies: its middle is the middle of the chest, the first slice the one nearest the head."""
    half = [(count - 1) * step / 2 for count, step in zip(shape, spacing_mm, strict=True)]
    return Geometry(*shape, spacing_mm, (1, 0, 0), (0, 1, 0), (0, 0, -1), (-half[2], -half[1], half[0]))


def render_phantom(volume: Volume, seed: str, **header: Any) -> list[bytes]:
    """The slices of a stack as DICOM files, foot first as some scanners number them.

    seed    whatever the UIDs are made of: the same text gives the same files
    header  further attributes by their DICOM keyword, such as PatientName
    """
    numbers = reversed(range(volume.geometry.slices))
    return [_written(_render(volume, number, seed, header)) for number in numbers]


def compress_files(files: Sequence[bytes]) -> list[bytes]:
    """The same slices with their pixels in RLE."""
    from pydicom import dcmread
    from pydicom.uid import RLELossless

    datasets = [dcmread(BytesIO(content)) for content in files]
    for dataset in datasets:
        dataset.compress(RLELossless, generate_instance_uid=False)
    return [_written(dataset) for dataset in datasets]


def _render(volume: Volume, number: int, seed: str, header: dict[str, Any]) -> Dataset:
    from pydicom.dataset import Dataset, FileMetaDataset
    from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian

    geometry = volume.geometry
    dataset, meta = Dataset(), FileMetaDataset()
    meta.TransferSyntaxUID, meta.MediaStorageSOPClassUID = ExplicitVRLittleEndian, CTImageStorage
    dataset.SOPClassUID, dataset.SOPInstanceUID = CTImageStorage, _uid(seed, f"slice {number}")
    meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    dataset.StudyInstanceUID, dataset.SeriesInstanceUID = _uid(seed, "study"), _uid(seed, "series")
    dataset.FrameOfReferenceUID = _uid(seed, "frame")
    dataset.Modality, dataset.ImageType = "CT", ["ORIGINAL", "PRIMARY", "AXIAL"]
    dataset.PatientName, dataset.PatientID, dataset.PatientPosition = "Phantom", "PHANTOM", "HFS"
    dataset.InstanceNumber = geometry.slices - number
    dataset.ConvolutionKernel, dataset.KVP = "B70f", "120"
    for name, value in header.items():
        setattr(dataset, name, value)
    _put_pixels(dataset, volume, number)
    dataset.file_meta = meta
    return dataset


def _written(dataset: Dataset) -> bytes:
    from pydicom import dcmwrite

    file = BytesIO()
    dcmwrite(file, dataset, enforce_file_format=True)
    return file.getvalue()


def _put_pixels(dataset: Dataset, volume: Volume, number: int) -> None:
    geometry = volume.geometry
    between, row, column = geometry.spacing_mm
    at = [o + number * between * d for o, d in zip(geometry.origin_mm, geometry.along_stack, strict=True)]
    dataset.ImagePositionPatient = [f"{each:.4f}" for each in at]
    dataset.ImageOrientationPatient = [*geometry.along_row, *geometry.along_column]
    dataset.PixelSpacing, dataset.SliceThickness = [f"{row:g}", f"{column:g}"], f"{between:g}"
    dataset.Rows, dataset.Columns = geometry.rows, geometry.columns
    dataset.SamplesPerPixel, dataset.PhotometricInterpretation, dataset.PixelRepresentation = 1, "MONOCHROME2", 0
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit = 16, 16, 15
    dataset.RescaleIntercept, dataset.RescaleSlope = "-1024", "1"
    dataset.PixelData = (volume.hounsfield[number] + 1024).astype("<u2").tobytes()


def _uid(seed: str, what: str) -> str:
    digest = hashlib.sha256(f"{seed}, {what}".encode()).digest()
    return f"2.25.{int.from_bytes(digest[:16])}"
