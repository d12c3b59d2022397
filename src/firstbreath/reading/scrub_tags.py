"""What may stay in a copy of a scan: the allow-list, as a table. Nothing else does.

Names to know: `Kept`, `KEPT`, `EMPTIED`, `MAPPED_UIDS`, `REFERENCES`, `SOP_CLASSES`, `TRANSFER_SYNTAXES`, `OPTIONS`.
"""

import re
from math import inf

import msgspec

CT_IMAGE, SECONDARY_CAPTURE = "1.2.840.10008.5.1.4.1.1.2", "1.2.840.10008.5.1.4.1.1.7"
SOP_CLASSES = (CT_IMAGE, SECONDARY_CAPTURE)
"""An enhanced CT is not among them: its geometry lies in sequences, which are not kept."""

NATIVE = ("1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.1.99", "1.2.840.10008.1.2.2")
RLE = "1.2.840.10008.1.2.5"
JPEG = ("50", "51", "57", "70", "80", "81")
JPEG2000 = ("90", "91", "201", "202", "203")
JPEG_SYNTAXES = tuple(f"1.2.840.10008.1.2.4.{each}" for each in JPEG)
JPEG2000_SYNTAXES = tuple(f"1.2.840.10008.1.2.4.{each}" for each in JPEG2000)
TRANSFER_SYNTAXES = (*NATIVE, RLE, *JPEG_SYNTAXES, *JPEG2000_SYNTAXES)

DECIMAL = r"[+-]?(?:[0-9]{1,24}\.?[0-9]{0,24}|\.[0-9]{1,24})(?:[eE][+-]?[0-9]{1,2})?"
WHOLE = r"[+-]?[0-9]{1,6}"
DATE = r"(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
TIME = r"(?:[01][0-9]|2[0-3])(?:[0-5][0-9](?:[0-5][0-9](?:\.[0-9]{1,6})?)?)?"
KERNEL_WORDS = "SOFT|STANDARD|DETAIL|CHEST|LUNG|BONE|BONEPLUS|EDGE|ULTRA"
KERNEL = rf"[A-Z][a-z]{{0,2}}[0-9]{{2}}[a-z]{{0,2}}|FC[0-9]{{2}}|[A-Z]{{1,2}}|[0-9]|{KERNEL_WORDS}"
"""As the makers name them: B70f and Br40d, FC51, YA, LUNG; then the strength of an iterative one, a digit."""


class Kept(msgspec.Struct, frozen=True):
    """An attribute that may stay, and what its values must look like; one that fails takes the attribute with it.

    pattern    what every value must match, whole
    least, most   how many values
    low, high  the limits of a number, both allowed
    reading    whether the reading copy keeps it too
    """

    keyword: str
    pattern: str
    least: int = 1
    most: int = 1
    low: float = -inf
    high: float = inf
    reading: bool = True

    def allows(self, values: tuple[str, ...]) -> bool:
        """Whether the attribute may stay with these values."""
        numbers = self.pattern in (DECIMAL, WHOLE)
        return (
            self.least <= len(values) <= self.most
            and all(re.fullmatch(self.pattern, value) for value in values)
            and (not numbers or all(self.low <= float(value) <= self.high for value in values))
        )


def _decimal(keyword: str, limits: tuple[float, float], count: int = 1) -> Kept:
    return Kept(keyword, DECIMAL, least=count, most=count, low=limits[0], high=limits[1])


def _whole(keyword: str, low: int, high: int) -> Kept:
    return Kept(keyword, WHOLE, low=low, high=high)


KEPT = (
    Kept("Modality", "CT|OT"),
    Kept("PatientPosition", "(?:HF|FF)(?:S|P|DR|DL)"),
    _decimal("PixelSpacing", (0.01, 10), 2),
    _decimal("ImagePositionPatient", (-9999, 9999), 3),
    _decimal("ImageOrientationPatient", (-1.001, 1.001), 6),
    _decimal("SliceThickness", (0.01, 100)),
    _decimal("SpacingBetweenSlices", (-100, 100)),
    _whole("Rows", 1, 65535),
    _whole("Columns", 1, 65535),
    _whole("SamplesPerPixel", 1, 3),
    _whole("PlanarConfiguration", 0, 1),
    _whole("NumberOfFrames", 1, 9999),
    _whole("BitsAllocated", 8, 32),
    _whole("BitsStored", 1, 32),
    _whole("HighBit", 0, 31),
    _whole("PixelRepresentation", 0, 1),
    _whole("PixelPaddingValue", -32768, 65535),
    _whole("PixelPaddingRangeLimit", -32768, 65535),
    Kept("PhotometricInterpretation", "MONOCHROME[12]|RGB|YBR_(?:FULL|FULL_422|RCT|ICT)"),
    _decimal("RescaleIntercept", (-99999, 99999)),
    _decimal("RescaleSlope", (-9999, 9999)),
    Kept("RescaleType", "HU|US"),
    Kept("BurnedInAnnotation", "YES|NO"),
    Kept("LossyImageCompression", "00|01"),
    Kept("LossyImageCompressionRatio", DECIMAL, most=4, low=0, high=9999),
    Kept("LossyImageCompressionMethod", "ISO_(?:10918_1|14495_1|15444_1|15444_15)", most=4),
    Kept("KVP", DECIMAL, low=10, high=500, reading=False),
    Kept("ConvolutionKernel", KERNEL, most=2, reading=False),
    Kept("StudyDate", DATE, reading=False),
    Kept("StudyTime", TIME, reading=False),
    Kept("AcquisitionDate", DATE, reading=False),
    Kept("AcquisitionTime", TIME, reading=False),
)

IMAGE_TYPES = (("ORIGINAL", "DERIVED"), ("PRIMARY", "SECONDARY"), ("AXIAL", "LOCALIZER"))
"""What the first three values of Image Type may be (PS3.3 C.8.2.1.1.1); a maker's own fourth never stays."""

EMPTIED = (
    *("PatientBirthDate", "PatientSex", "StudyDate", "StudyTime", "ReferringPhysicianName", "StudyID"),
    *("AccessionNumber", "SeriesNumber", "Manufacturer", "PositionReferenceIndicator", "AcquisitionNumber", "KVP"),
)
"""Type 2 in a CT image: present in every copy, empty unless kept above."""

MAPPED_UIDS = ("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID")
REFERENCES = ("ReferencedImageSequence", "SourceImageSequence")
"""The sequences named: in the archive copy alone, each reference by its class and its new UID."""

IMPLEMENTATION_UID, IMPLEMENTATION_VERSION = "2.25.268849960686501050981129438299018881037", "FIRSTBREATH_1"
METHOD = "Allow-list over PS3.15 Annex E Table E.1-1; UIDs by keyed hash"
BASIC, FULL_DATES, MODIFIED_DATES = "113100", "113106", "113107"
OPTIONS = {
    BASIC: "Basic Application Confidentiality Profile",
    FULL_DATES: "Retain Longitudinal Temporal Information Full Dates Option",
    MODIFIED_DATES: "Retain Longitudinal Temporal Information Modified Dates Option",
}
"""PS3.16 CID 7050, those that a copy can bear."""
