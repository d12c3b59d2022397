"""A CT slice with a patient's name all over it, and the hash that the tests scrub it with."""

import hashlib
import hmac
from io import BytesIO

import numpy as np
from pydicom import Dataset, FileMetaDataset, dcmread, dcmwrite
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian

ROWS = COLUMNS = 32


def hashed(text: str) -> bytes:
    return hmac.new(b"the secret of a trial", text.encode(), hashlib.sha256).digest()


def plain_slice(root: str = "1.2.826.1", place: int = 0, syntax: str = ExplicitVRLittleEndian) -> Dataset:
    """What an image needs and nothing of a person but UIDs under `root`; slice `place` of its series."""
    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = syntax
    dataset.SOPClassUID = dataset.file_meta.MediaStorageSOPClassUID = CTImageStorage
    dataset.SOPInstanceUID = dataset.file_meta.MediaStorageSOPInstanceUID = f"{root}.4.{place + 1}"
    dataset.StudyInstanceUID, dataset.SeriesInstanceUID, dataset.FrameOfReferenceUID = (
        f"{root}.1",
        f"{root}.2",
        f"{root}.3",
    )
    dataset.Modality, dataset.ImageType, dataset.PatientPosition = "CT", ["ORIGINAL", "PRIMARY", "AXIAL"], "HFS"
    dataset.PixelSpacing, dataset.SliceThickness, dataset.KVP = ["0.70", "0.70"], "1.25", "120"
    dataset.ImagePositionPatient, dataset.ImageOrientationPatient = (
        ["-11.2", "-11.2", str(5 * place)],
        [1, 0, 0, 0, 1, 0],
    )
    dataset.ConvolutionKernel, dataset.RescaleIntercept, dataset.RescaleSlope = "B70f", "-1024", "1"
    put_pixels(dataset, disc(place))
    return dataset


def disc(place: int):
    """A round body in air, with noise."""
    across = np.hypot(*np.mgrid[:ROWS, :COLUMNS] - (ROWS - 1) / 2)
    noise = np.random.default_rng(place).integers(0, 60, (ROWS, COLUMNS))
    return (np.where(across < 11, 1060, 20) + noise).astype("<u2")


def put_pixels(dataset: Dataset, pixels) -> None:
    dataset.Rows, dataset.Columns = pixels.shape
    dataset.SamplesPerPixel, dataset.PhotometricInterpretation, dataset.PixelRepresentation = 1, "MONOCHROME2", 0
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit = 16, 12, 11
    dataset.PixelData = pixels.tobytes()


def as_file(dataset: Dataset) -> bytes:
    file = BytesIO()
    dcmwrite(file, dataset, enforce_file_format=True)
    return file.getvalue()


def as_read(dataset: Dataset) -> Dataset:
    """As it comes from a file: every element still raw."""
    return dcmread(BytesIO(as_file(dataset)))


def survivors(planted: dict[str, str], file: bytes) -> dict[str, str]:
    """The planted values that a file still holds, in any encoding a file could."""
    encodings = ("utf-8", "latin-1", "utf-16-le", "utf-16-be", "utf-32-le")
    return {
        where: value
        for where, value in planted.items()
        if any(value.encode(encoding, "ignore") in file for encoding in encodings)
    }
