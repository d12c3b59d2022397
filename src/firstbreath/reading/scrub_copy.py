"""A new dataset built from what the allow-list lets pass, each value checked; the first half of a scrub.

Names to know: `build_copy`, `values_of`.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from firstbreath.reading.hush import hush
from firstbreath.reading.scrub_pixels import ScrubRefused, pixels_alone
from firstbreath.reading.scrub_tags import (
    DECIMAL,
    EMPTIED,
    IMAGE_TYPES,
    IMPLEMENTATION_UID,
    IMPLEMENTATION_VERSION,
    KEPT,
    MAPPED_UIDS,
    NATIVE,
    REFERENCES,
    SOP_CLASSES,
    TRANSFER_SYNTAXES,
    WHOLE,
    Kept,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydicom.dataelem import RawDataElement
    from pydicom.dataset import Dataset


def build_copy(dataset: Dataset, *, reading: bool, number: int, remap: Callable[[str], str]) -> Dataset:
    """The copy of a slice without name, codes and stamps.

    reading  whether it is for a reader, who gets no date, device setting or reference
    number   the place of the slice in its series
    remap    the new UID for an old one

    Raises `ScrubRefused`. Source: PS3.15 Table E.1-1; PS3.3 A.3 for what a CT image must hold.
    """
    from pydicom.dataset import Dataset as Empty

    scrubbed, syntax = Empty(), _syntax_of(dataset)
    scrubbed.SpecificCharacterSet = "ISO_IR 100"
    scrubbed.SOPClassUID = _class_of(dataset)
    for keyword in EMPTIED:
        setattr(scrubbed, keyword, None)
    for kept in KEPT:
        if (kept.reading or not reading) and kept.allows(values := values_of(dataset, kept.keyword)):
            _put(scrubbed, kept, values)
    _put_image_type(dataset, scrubbed)
    _put_uids(dataset, scrubbed, remap)
    if not reading:
        _put_references(dataset, scrubbed, remap)
    scrubbed.InstanceNumber = number
    _put_pixels(scrubbed, pixels_alone(dataset, scrubbed, syntax), syntax)
    _put_file_meta(scrubbed, syntax)
    return scrubbed


def values_of(dataset: Dataset, tag: str | int) -> tuple[str, ...]:
    """The values of an attribute as text; none where it is absent, empty or not to be understood.

    tag  its keyword or number

    What a file holds is decoded here and not by pydicom, whose warnings repeat the value and would carry it into a log.
    """
    from pydicom.dataelem import RawDataElement
    from pydicom.multival import MultiValue
    from pydicom.tag import Tag

    hush()
    element = dataset.get_item(Tag(tag)) if tag in dataset else None
    if element is None:
        return ()
    if isinstance(element, RawDataElement):
        found = _decode(element)
    else:
        found = element.value if isinstance(element.value, MultiValue | list | tuple) else (element.value,)
    texts = tuple(str(each).strip(" \0") for each in found if each is not None)
    return texts if any(texts) else ()


def _decode(raw: RawDataElement) -> tuple[object, ...]:
    from pydicom.datadict import dictionary_VR

    vr, value = raw.VR or dictionary_VR(raw.tag), raw.value or b""
    if vr in ("US", "SS", "US or SS"):
        order, kind = "<" if raw.is_little_endian else ">", "h" if vr == "SS" else "H"
        return struct.unpack(f"{order}{len(value) // 2}{kind}", value[: len(value) // 2 * 2])
    return tuple(value.decode("ascii").split("\\")) if value.isascii() else ()


def _items(dataset: Dataset, keyword: str) -> list[Dataset]:
    from pydicom.sequence import Sequence
    from pydicom.tag import Tag

    element = dataset.get_item(Tag(keyword)) if keyword in dataset else None
    if element is None or element.VR not in ("SQ", None):
        return []
    try:
        value = dataset[keyword].value
    except (ValueError, TypeError, LookupError, OSError, EOFError, RuntimeError, struct.error):
        return []
    return list(value) if isinstance(value, Sequence) else []


def _syntax_of(dataset: Dataset) -> str:
    meta = getattr(dataset, "file_meta", None)
    syntax = () if meta is None else values_of(meta, "TransferSyntaxUID")
    if len(syntax) != 1 or syntax[0] not in TRANSFER_SYNTAXES:
        raise ScrubRefused("The file names no transfer syntax of images. Export it again, as a DICOM file.")
    return syntax[0]


def _class_of(dataset: Dataset) -> str:
    found = values_of(dataset, "SOPClassUID")
    if len(found) != 1 or found[0] not in SOP_CLASSES:
        raise ScrubRefused("The file is no CT image. Leave it out, or export the scan as CT Image Storage.")
    return found[0]


def _put(scrubbed: Dataset, kept: Kept, values: tuple[str, ...]) -> None:
    from pydicom.datadict import dictionary_VR
    from pydicom.valuerep import format_number_as_ds

    vr = dictionary_VR(kept.keyword)
    if vr == "US or SS":
        signed = scrubbed.get("PixelRepresentation") == 1
        low = -32768 if signed else 0
        scrubbed.add_new(kept.keyword, "SS" if signed else "US", (int(values[0]) - low) % 65536 + low)
    elif kept.pattern == DECIMAL:
        fitting = [value if len(value) <= 16 else format_number_as_ds(float(value)) for value in values]
        scrubbed.add_new(kept.keyword, vr, fitting)
    else:
        found = [int(value) if kept.pattern == WHOLE else value for value in values]
        scrubbed.add_new(kept.keyword, vr, found if len(found) > 1 else found[0])


def _put_image_type(dataset: Dataset, scrubbed: Dataset) -> None:
    found = values_of(dataset, "ImageType")
    standard = [value for value, allowed in zip(found, IMAGE_TYPES, strict=False) if value in allowed]
    if standard[:2] == list(found[:2]) and len(standard) >= 2:
        scrubbed.ImageType = standard


def _put_uids(dataset: Dataset, scrubbed: Dataset, remap: Callable[[str], str]) -> None:
    for keyword in (*MAPPED_UIDS, "FrameOfReferenceUID"):
        found = values_of(dataset, keyword)
        if len(found) == 1:
            setattr(scrubbed, keyword, remap(found[0]))
        elif keyword in MAPPED_UIDS:
            raise ScrubRefused(f"The file has no {keyword}. Export it again, as a DICOM file.")


def _put_references(dataset: Dataset, scrubbed: Dataset, remap: Callable[[str], str]) -> None:
    from pydicom.dataset import Dataset as Empty

    for keyword in REFERENCES:
        remapped = []
        for reference in _items(dataset, keyword):
            sop_class, instance = (values_of(reference, f"ReferencedSOP{each}UID") for each in ("Class", "Instance"))
            if len(sop_class) == len(instance) == 1 and sop_class[0] in SOP_CLASSES:
                remapped.append(new := Empty())
                new.ReferencedSOPClassUID = sop_class[0]
                new.ReferencedSOPInstanceUID = remap(instance[0])
        if remapped:
            setattr(scrubbed, keyword, remapped)


def _put_pixels(scrubbed: Dataset, pixels: bytes, syntax: str) -> None:
    words = syntax in NATIVE and (scrubbed.BitsAllocated > 8 or syntax == NATIVE[0])
    scrubbed.add_new("PixelData", "OW" if words else "OB", pixels)
    scrubbed["PixelData"].is_undefined_length = syntax not in NATIVE


def _put_file_meta(scrubbed: Dataset, syntax: str) -> None:
    from pydicom.dataset import FileMetaDataset
    from pydicom.uid import UID

    meta = scrubbed.file_meta = FileMetaDataset()
    meta.FileMetaInformationVersion = b"\x00\x01"
    meta.MediaStorageSOPClassUID = scrubbed.SOPClassUID
    meta.MediaStorageSOPInstanceUID = scrubbed.SOPInstanceUID
    meta.TransferSyntaxUID = UID(syntax)
    meta.ImplementationClassUID = UID(IMPLEMENTATION_UID)
    meta.ImplementationVersionName = IMPLEMENTATION_VERSION
    scrubbed.preamble = bytes(128)
