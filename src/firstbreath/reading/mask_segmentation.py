"""A lung mask that was made elsewhere, as a DICOM segmentation: its frames put where they lie in the patient."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any

from firstbreath.reading.refused import ScanRefused, refuse
from firstbreath.reading.scrub_tags import NATIVE
from firstbreath.reading.stated import parse_dataset
from firstbreath.reading.volume import Geometry

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

DICOM_AT, SEGMENTATION = 128, "1.2.840.10008.5.1.4.1.1.66.4"
OFF_MM, NAMED = 0.5, 5
LUNG = frozenset(
    {"39607008", "3341006", "44029006", "31094006", "42400003", "72481006", "266005", "44714003", "41224006"}
)
"""SNOMED CT: lung, right and left lung, lobe of lung, the five lobes."""
UNSAID = ("", "85756007", "91772007", "91723000")
"""No code, or one that says no more than tissue, organ or anatomical structure: what drawing programs write."""
LUNG_NAMES = re.compile(r"((right|left|both)[ _-]?)?lungs?([ _-]?(right|left|mask))?|[左右双]?肺", re.IGNORECASE)
BITS = {"BINARY": 1, "FRACTIONAL": 8}


def is_segmentation(content: bytes) -> bool:
    """Whether a file is DICOM at all."""
    return content[DICOM_AT : DICOM_AT + 4] == b"DICM"


def read_segmentation(content: bytes, geometry: Geometry) -> tuple[Any, Any]:
    """The voxels of all lung segments, shape (slices, rows, columns), and their place: voxel to patient, (3, 4), mm.

    Slices that no frame shows are empty: writers leave those out. Raises `ScanRefused` when the file is no such
    segmentation, or its frames do not lie on the scan's slices. Source: DICOM PS3.3 A.51, C.8.20.
    """
    dataset = parse_dataset(content, 1)
    try:
        _check(dataset)
        return _stacked(dataset, geometry)
    except ScanRefused:
        raise
    except Exception as broken:  # whatever a hostile file leaves out or states strangely
        text = f"The segmentation cannot be read ({type(broken).__name__})."
        raise refuse("MASK-001", text, "Export the mask again, or as .nii.gz.") from broken


def _check(dataset: Dataset) -> None:
    """Refuse what is no plain segmentation of the lungs."""
    kind, syntax = str(dataset.get("SegmentationType", "")), str(dataset.file_meta.TransferSyntaxUID)
    if dataset.get("SOPClassUID") != SEGMENTATION or dataset.get("BitsAllocated") != BITS.get(kind):
        raise refuse("MASK-001", "This is no segmentation.", "Export the mask as DICOM SEG, .nii or .nii.gz.")
    if syntax not in NATIVE:
        raise refuse("MASK-007", "The segmentation is compressed.", "Export it uncompressed, or as .nii.gz.")
    labels = [str(each.get("SegmentLabel", ""))[:40] for each in dataset.SegmentSequence]
    others = [label for label, each in zip(labels, dataset.SegmentSequence, strict=True) if not _is_lung(each, label)]
    if others and (len(labels) > 1 or _code_of(dataset.SegmentSequence[0]) not in UNSAID):
        text = f"It holds {len(labels)} segments, among them {', '.join(others[:NAMED])}."
        raise refuse("MASK-008", text, "Export the lungs alone.")


def _code_of(segment: Dataset) -> str:
    """The SNOMED code of what a segment is; empty where none is stated."""
    stated = segment.get("SegmentedPropertyTypeCodeSequence") or ()
    return str(stated[0].get("CodeValue", "")) if stated else ""


def _is_lung(segment: Dataset, label: str) -> bool:
    """Whether a segment is a lung, by its code, or by its name where the code does not say what it is."""
    code = _code_of(segment)
    return code in LUNG or (code in UNSAID and LUNG_NAMES.fullmatch(label.strip()) is not None)


def _stacked(dataset: Dataset, geometry: Geometry) -> tuple[Any, Any]:
    import numpy as np

    frames, (place, row, column) = _frames(dataset, geometry), _axes(dataset)
    between = geometry.spacing_mm[0]
    along = np.dot(place, geometry.along_stack)
    first = min(0.0, along * between * (geometry.slices - 1)) + np.dot(place, geometry.origin_mm)
    inside, positions = np.zeros((geometry.slices, *frames.shape[1:]), dtype=bool), _positions(dataset)
    origin = positions[0] - place * (np.dot(place, positions[0]) - first)
    for frame, position in zip(frames, positions, strict=True):
        number = round(float((np.dot(place, position) - first) / between))
        off = np.abs(origin + place * between * number - position).max()
        if not 0 <= number < geometry.slices or off > OFF_MM:
            raise refuse("MASK-005", "A frame of the mask lies on no slice of this scan.", "Do not resample it.")
        inside[number] |= frame
    rows, columns = (float(each) for each in _shared(dataset, "PixelMeasuresSequence").PixelSpacing)
    return inside, np.column_stack([place * between, column * rows, row * columns, origin])


def _frames(dataset: Dataset, geometry: Geometry) -> Any:
    """Every frame as booleans, shape (frames, rows, columns); not more, nor larger ones, than the scan can have."""
    import numpy as np

    shape = (int(dataset.NumberOfFrames), int(dataset.Rows), int(dataset.Columns))
    if not 0 < shape[0] <= geometry.slices * len(dataset.SegmentSequence):
        raise refuse("MASK-001", "The segmentation has no frames, or too many.", "Export the mask of one scan.")
    if {*shape[1:]} != {geometry.rows, geometry.columns}:
        raise refuse("MASK-005", "The frames of the mask have another size than the scan.", "Do not resample it.")
    raw, wanted = np.frombuffer(dataset.PixelData, dtype=np.uint8), math.prod(shape)
    if wanted * int(dataset.BitsAllocated) > raw.size * 8:
        raise refuse("MASK-003", "The file is shorter than its header says.", "Export the mask again.")
    if dataset.SegmentationType == "FRACTIONAL":
        return (raw[:wanted].astype(np.uint16) * 2 > int(dataset.MaximumFractionalValue)).reshape(shape)
    return np.unpackbits(raw, count=wanted, bitorder="little").view(bool).reshape(shape)


def _axes(dataset: Dataset) -> tuple[Any, Any, Any]:
    """The directions of increasing place, column and row, the frames being parallel."""
    import numpy as np

    stated = [float(each) for each in _shared(dataset, "PlaneOrientationSequence").ImageOrientationPatient]
    row, column = np.array(stated[:3]), np.array(stated[3:])
    return np.cross(row, column), row, column


def _shared(dataset: Dataset, group: str) -> Dataset:
    """A functional group of all frames, from the first where each frame states it."""
    shared = dataset.SharedFunctionalGroupsSequence[0]
    holder = shared if group in shared else dataset.PerFrameFunctionalGroupsSequence[0]
    found: Dataset = holder[group].value[0]
    return found


def _positions(dataset: Dataset) -> list[Any]:
    import numpy as np

    return [
        np.array([float(part) for part in each.PlanePositionSequence[0].ImagePositionPatient])
        for each in dataset.PerFrameFunctionalGroupsSequence
    ]
