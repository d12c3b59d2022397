"""Whatever else a slice holds, and wherever, none of it is in a copy."""

import warnings
from contextlib import suppress
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydicom import Dataset, dcmread
from pydicom.datadict import DicomDictionary, RepeatersDictionary
from tests.support.ct_slice import as_file, hashed, plain_slice, survivors

from firstbreath.reading.scrub import render_copy, scrub_archive, scrub_reading

MARKER = "Zxqv"
TEXTS = ("AE", "CS", "LO", "LT", "PN", "SH", "ST", "UC", "UR", "UT")
BYTES = ("OB", "OW", "UN")
OTHERS = ("AS", "DA", "DS", "DT", "IS", "TM", "UI", "US", "SS")
NEEDED = {
    *("SOPClassUID", "SOPInstanceUID", "StudyInstanceUID", "SeriesInstanceUID", "Rows", "Columns", "BitsAllocated"),
    *("SamplesPerPixel", "PhotometricInterpretation", "PixelData", "SpecificCharacterSet"),
}
"""Without these a file is refused, and there is no copy to look at; they are planted by themselves below."""

PUBLIC = sorted(
    tag
    for tag, (vr, *_, keyword) in DicomDictionary.items()
    if tag >> 16 >= 8 and keyword not in NEEDED and len(vr) == 2
)
REPEATED = sorted(int(tag.replace("xx", "02"), 16) for tag in RepeatersDictionary if tag[2:4] == "xx")

public = st.sampled_from(PUBLIC)
private = st.builds(
    lambda group, element: ((2 * group + 1) << 16) | element, st.integers(4, 0x3FFF), st.integers(0x10, 0xFFFF)
)
tags = st.one_of(public, st.sampled_from(REPEATED), private)
values = st.builds(
    "{}{}{}".format,
    st.sampled_from(["", "1", "B70", "20200517\\"]),
    st.just(MARKER),
    st.sampled_from(["", "1", "\\AXIAL"]),
)
elements = st.lists(
    st.tuples(tags, st.sampled_from(TEXTS + BYTES + OTHERS), values, st.booleans()), min_size=1, max_size=30
)


def archive(dataset):
    return scrub_archive(dataset, subject="MX-004", time_point="day-1", trial="MEXCOVID", number=1, hashed=hashed)


def reading(dataset):
    return scrub_reading(dataset, case="K7QF", number=1, hashed=hashed)


def element_bytes(tag: int, vr: str, value: bytes) -> bytes:
    """An element in Explicit VR Little Endian, whatever the dictionary says of its kind."""
    value += b" " * (len(value) % 2)
    head = (tag >> 16).to_bytes(2, "little") + (tag & 0xFFFF).to_bytes(2, "little") + vr.encode()
    long = vr in (*BYTES, "SQ", "UC", "UR", "UT")
    return head + (b"\0\0" + len(value).to_bytes(4, "little") if long else len(value).to_bytes(2, "little")) + value


def item_bytes(element: bytes) -> bytes:
    return b"\xfe\xff\x00\xe0" + len(element).to_bytes(4, "little") + element


def with_elements(planted) -> bytes:
    """A file that goes on with other elements after its pixels; of two with one tag a reader takes the last."""
    file = as_file(plain_slice())
    for tag, vr, value, nested in planted:
        element = element_bytes(tag, vr, value.encode())
        file += element_bytes(tag, "SQ", item_bytes(element)) if nested else element
    return file


def converted(dataset: Dataset) -> None:
    """Have pydicom understand what it can, as a program does that looked at the file before."""
    for tag in list(dataset.keys()):
        with warnings.catch_warnings(action="ignore"), suppress(Exception):
            dataset[tag].value  # noqa: B018


@pytest.mark.parametrize("scrub", [archive, reading])
@settings(max_examples=200, deadline=None)
@given(planted=elements, looked_at=st.booleans())
def test_the_marker_never_survives(scrub, planted, looked_at):
    file = with_elements(planted)
    assert MARKER.encode() in file
    dataset = read_bytes(file)
    if looked_at:
        converted(dataset)
    copy = scrub(dataset)
    assert survivors({"marker": MARKER}, render_copy(copy)) == {}
    assert copy.PixelData == plain_slice().PixelData


@pytest.mark.parametrize("scrub", [archive, reading])
@pytest.mark.parametrize("tag", [each.tag for each in plain_slice()], ids=[each.keyword for each in plain_slice()])
def test_marker_in_an_attribute_that_stays_is_refused_or_gone(scrub, tag):
    """Each attribute of a plain image replaced by the marker, told to be of any kind."""
    for vr in (*TEXTS, *BYTES, *OTHERS):
        file = as_file(plain_slice()) + element_bytes(tag, vr, MARKER.encode())
        with warnings.catch_warnings(action="ignore"):
            file = outcome(scrub, file)
        assert survivors({"marker": MARKER}, file) == {}


def outcome(scrub, file: bytes) -> bytes:
    """The copy, or what is said instead."""
    try:
        return render_copy(scrub(read_bytes(file)))
    except ValueError as refused:
        return str(refused).encode()


def read_bytes(file: bytes) -> Dataset:
    return dcmread(BytesIO(file))
