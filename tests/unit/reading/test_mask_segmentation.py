"""A DICOM segmentation, written by another hand, lies on the scan; what is none, or lies elsewhere, is refused."""

from __future__ import annotations

from io import BytesIO

import highdicom
import numpy as np
import pydicom
import pytest
from pydicom.sr.codedict import codes

from firstbreath.reading.lung_mask import Mask
from firstbreath.reading.mask_import import METHOD, read_mask, render_mask
from firstbreath.reading.phantom import build_phantom, phantom_geometry, render_phantom
from firstbreath.reading.refused import ScanRefused

SHAPE, SPACING = (10, 20, 16), (8.0, 2.0, 3.0)
GEOMETRY = phantom_geometry(SHAPE, SPACING)
RIGHT, LEFT = np.zeros((2, *SHAPE), dtype=bool)
RIGHT[2:8, 4:15, 1:7] = True
LEFT[3:7, 4:12, 9:14] = True


@pytest.fixture(scope="module")
def images() -> list[pydicom.Dataset]:
    empty = ("PatientBirthDate", "PatientSex", "AccessionNumber", "StudyID", "StudyDate", "StudyTime", "Manufacturer")
    header = {
        "SpecificCharacterSet": "ISO_IR 192",
        "PatientName": "Ling^Wei",
        "ReferringPhysicianName": "",
        **dict.fromkeys(empty, ""),
    }
    files = render_phantom(build_phantom((), shape=SHAPE, spacing_mm=SPACING), "a seed", **header)
    return [pydicom.dcmread(BytesIO(file)) for file in files]  # from the feet up, unlike the scan as it is read


def described(number: int, label: str, kind=codes.SCT.Lung) -> highdicom.seg.SegmentDescription:
    return highdicom.seg.SegmentDescription(
        segment_number=number,
        segment_label=label,
        segmented_property_category=codes.SCT.Organ,
        segmented_property_type=kind,
        algorithm_type=highdicom.seg.SegmentAlgorithmTypeValues.MANUAL,
    )


def written(images, *, kind="BINARY", what=codes.SCT.Lung, **segments) -> pydicom.Dataset:
    """The segments, each by its label, as highdicom writes them: without the slices that show nothing."""
    stacked = np.stack([each[::-1] for each in segments.values()], axis=-1)
    made = highdicom.seg.Segmentation(
        source_images=images,
        pixel_array=stacked.astype(np.float32 if kind == "FRACTIONAL" else np.uint8),
        segmentation_type=kind,
        segment_descriptions=[described(n, label.replace("_", " "), what) for n, label in enumerate(segments, 1)],
        series_instance_uid="1.2.3.4",
        series_number=9,
        sop_instance_uid="1.2.3.4.5",
        instance_number=1,
        manufacturer="another hand",
        manufacturer_model_name="m",
        software_versions="1",
        device_serial_number="1",
    )
    return pydicom.dcmread(BytesIO(bytes_of(made)))


def bytes_of(dataset: pydicom.Dataset) -> bytes:
    file = BytesIO()
    pydicom.dcmwrite(file, dataset, enforce_file_format=True)
    return file.getvalue()


@pytest.mark.parametrize("kind", ["BINARY", "FRACTIONAL"])
def test_both_lungs_lie_where_they_were_drawn(images, kind):
    content = bytes_of(written(images, kind=kind, right_lung=RIGHT, left_Lung=LEFT))
    mask = read_mask(content, GEOMETRY)
    assert np.array_equal(mask.inside, RIGHT | LEFT)
    assert mask.volume_ml == pytest.approx((RIGHT.sum() + LEFT.sum()) * 0.048)


def test_one_segment_is_taken_whatever_it_is_called(images):
    assert np.array_equal(read_mask(bytes_of(written(images, mask=LEFT)), GEOMETRY).inside, LEFT)


def test_what_is_kept_is_the_mask_and_nobodys_name(images):
    mask = read_mask(bytes_of(written(images, lung=RIGHT)), GEOMETRY)
    kept = render_mask(mask, GEOMETRY)
    assert np.array_equal(read_mask(kept, GEOMETRY).inside, RIGHT)
    assert kept == render_mask(Mask(mask.inside, mask.volume_ml, METHOD), GEOMETRY)
    assert len(kept) < 1000


def refused(content: bytes) -> list[str]:
    with pytest.raises(ScanRefused) as found:
        read_mask(content, GEOMETRY)
    return [reason.code for reason in found.value.reasons]


def test_what_a_segment_is_its_code_says_and_its_name_where_the_code_does_not(images):
    assert read_mask(bytes_of(written(images, Left=LEFT, Right=RIGHT)), GEOMETRY).inside.any()
    named = {"what": codes.SCT.Tissue}
    assert read_mask(bytes_of(written(images, **named, 左肺=LEFT, right_lung=RIGHT)), GEOMETRY).inside.any()
    assert read_mask(bytes_of(written(images, **named, Segment_1=LEFT)), GEOMETRY).inside.any(), "a person looks at it"
    assert refused(bytes_of(written(images, what=codes.SCT.Liver, liver=LEFT))) == ["MASK-008"]


@pytest.mark.parametrize("other", ["lesion", "lung_nodule", "lung_vessels"])
def test_a_lesion_among_the_lungs_is_not_guessed_away(images, other):
    content = bytes_of(written(images, what=codes.SCT.Tissue, right_lung=RIGHT, **{other: LEFT}))
    assert refused(content) == ["MASK-008"]


def changed(dataset: pydicom.Dataset, change) -> bytes:
    change(dataset)
    return bytes_of(dataset)


def moved(dataset: pydicom.Dataset, axis: int, mm: float, frames: int = 99) -> None:
    for each in dataset.PerFrameFunctionalGroupsSequence[:frames]:
        place = each.PlanePositionSequence[0]
        place.ImagePositionPatient = [v + mm * (n == axis) for n, v in enumerate(place.ImagePositionPatient)]


def measures(dataset: pydicom.Dataset) -> pydicom.Dataset:
    return dataset.SharedFunctionalGroupsSequence[0].PixelMeasuresSequence[0]


HOSTILE = {
    "in the plane": (lambda d: moved(d, 0, 6.0), "MASK-005"),
    "between slices": (lambda d: moved(d, 2, 4.0), "MASK-005"),
    "above the scan": (lambda d: moved(d, 2, 800.0), "MASK-005"),
    "one frame alone": (lambda d: moved(d, 1, 6.0, frames=1), "MASK-005"),
    "more frames than slices": (lambda d: setattr(d, "NumberOfFrames", 11), "MASK-001"),
    "frames without end": (lambda d: setattr(d, "NumberOfFrames", 2_000_000_000), "MASK-001"),
    "a plane without end": (lambda d: setattr(d, "Rows", 65_535), "MASK-005"),
    "more frames than pixels": (lambda d: setattr(d, "PixelData", d.PixelData[:-40]), "MASK-003"),
    "no frames": (lambda d: delattr(d, "PerFrameFunctionalGroupsSequence"), "MASK-001"),
    "no spacing": (lambda d: delattr(d, "SharedFunctionalGroupsSequence"), "MASK-001"),
    "no number": (lambda d: setattr(measures(d), "PixelSpacing", ["nan", "nan"]), "MASK-004"),
    "a label map": (lambda d: setattr(d, "SegmentationType", "LABELMAP"), "MASK-001"),
    "compressed": (lambda d: setattr(d.file_meta, "TransferSyntaxUID", "1.2.840.10008.1.2.5"), "MASK-007"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_does_not_lie_on_the_scan_or_is_no_segmentation_is_refused(images, name):
    change, code = HOSTILE[name]
    dataset = written(images, lung=RIGHT)
    if name == "compressed":
        content = bytes_of(dataset).replace(b"1.2.840.10008.1.2.1\0", b"1.2.840.10008.1.2.5\0", 1)
        assert refused(content) == [code]
    else:
        assert refused(changed(dataset, change)) == [code]


def test_a_slice_of_the_scan_itself_is_no_segmentation(images):
    assert refused(bytes_of(images[0])) == ["MASK-001"]


@pytest.mark.parametrize("length", [132, 140, 400, 2000])
def test_a_file_cut_short_is_refused(images, length):
    assert refused(bytes_of(written(images, lung=RIGHT))[:length])[0] in ("MASK-001", "SCAN-011", "SCAN-012")
