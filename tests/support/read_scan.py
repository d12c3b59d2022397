"""A small CT series as an archive holds it, and the report of its read."""

from __future__ import annotations

from io import BytesIO

from firstbreath.reading.report import Report, SegmentRow, Signature, compute_total

STUDY, SERIES = "1.2.826.0.1.3680043.8.498.1001", "1.2.826.0.1.3680043.8.498.1001.1"
ROWS, COLUMNS, SLICES = 32, 48, 6

SEGMENTS = (
    ("R1", "apical", "right upper", 2),
    ("R2", "posterior", "right upper", 3),
    ("R3", "anterior", "right upper", 0),
    ("R4", "lateral", "right middle", 1),
    ("R5", "medial", "right middle", 0),
    ("R6", "superior", "right lower", 4),
    ("R7", "medial basal", "right lower", 4),
    ("R8", "anterior basal", "right lower", 3),
    ("R9", "lateral basal", "right lower", 2),
    ("R10", "posterior basal", "right lower", 4),
    ("L1_2", "apicoposterior", "left upper", 1),
    ("L3", "anterior", "left upper", 0),
    ("L4", "superior lingular", "left upper", 0),
    ("L5", "inferior lingular", "left upper", 2),
    ("L6", "superior", "left lower", 3),
    ("L7_8", "anteromedial basal", "left lower", 3),
    ("L9", "lateral basal", "left lower", 2),
    ("L10", "posterior basal", "left lower", 4),
)


def make_rows(**changes) -> tuple[SegmentRow, ...]:
    """The 18 segments; `changes` by the segment's id."""
    rows = (
        {"id": name, "label": label, "lobe": lobe, "side": lobe.split()[0], "score": score}
        for name, label, lobe, score in SEGMENTS
    )
    return tuple(SegmentRow(**{**row, **changes.get(row["id"], {})}) for row in rows)


def make_report(**changes) -> Report:
    """A blinded read of a case; the total is that of its segments unless it is given."""
    segments = changes.get("segments") or make_rows()
    usual = {
        "trial": "mexcovid",
        "role": "independent read 1",
        "signatures": (Signature("Inés García", "2026-01-31T09:30:00Z"),),
        "case": "C-7K2",
        "segments": segments,
        "total": compute_total(segments),
    }
    return Report(**{**usual, **changes})


def make_series(*, slices: int = SLICES, series: str = SERIES):
    """CT images with pixels that differ from slice to slice, of a patient who must not be known to a reader."""
    import numpy as np
    from pydicom.dataset import FileDataset, FileMetaDataset
    from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian

    made = []
    for n in range(slices):
        meta = FileMetaDataset()
        meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID = CTImageStorage, f"{series}.{n + 1}"
        meta.TransferSyntaxUID = ExplicitVRLittleEndian
        image = FileDataset("", {}, file_meta=meta, preamble=b"\0" * 128)
        image.SOPClassUID, image.SOPInstanceUID = CTImageStorage, f"{series}.{n + 1}"
        image.StudyInstanceUID, image.SeriesInstanceUID, image.Modality = STUDY, series, "CT"
        image.PatientName, image.PatientID, image.PatientSex = "Pérez^Rosa", "HOSP-4711", "F"
        image.SpecificCharacterSet, image.PatientBirthDate = "ISO_IR 192", "19610214"
        image.StudyDate, image.StudyTime, image.StudyID, image.AccessionNumber = "20200714", "101500", "9", "A77"
        image.StudyDescription, image.SeriesDescription, image.InstanceNumber = "CT chest", "lung 1.0", n + 1
        image.Rows, image.Columns, image.PixelSpacing, image.SliceThickness = ROWS, COLUMNS, [0.7, 0.7], 1.0
        image.ImageOrientationPatient, image.ImagePositionPatient = [1, 0, 0, 0, 1, 0], [0, 0, float(n)]
        image.SamplesPerPixel, image.PhotometricInterpretation = 1, "MONOCHROME2"
        image.BitsAllocated, image.BitsStored, image.HighBit, image.PixelRepresentation = 16, 16, 15, 1
        image.RescaleSlope, image.RescaleIntercept = 1, 0
        pixels = np.random.default_rng(n).integers(-1000, 400, (ROWS, COLUMNS), dtype=np.int16)
        image.PixelData = pixels.tobytes()
        made.append(image)
    return made


def as_file(image) -> bytes:
    """An image as a DICOM file."""
    target = BytesIO()
    image.save_as(target, enforce_file_format=True)
    return target.getvalue()
