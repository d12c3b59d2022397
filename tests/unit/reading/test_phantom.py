"""The generated chest: known sizes, known sides, the same files from the same text."""

import io
import math

import numpy as np
import pytest
from pydicom import dcmread
from pydicom.uid import RLELossless

from firstbreath.reading.phantom import (
    AIR_HU,
    BODY_HU,
    BODY_MM,
    CENTRES,
    CONSOLIDATION_HU,
    LUNG_HU,
    LUNG_MM,
    LUNG_X_MM,
    Lesion,
    build_phantom,
    centre_of,
    compress_files,
    known_volumes_ml,
    render_phantom,
)

LUNG_ML = 4 / 3 * math.pi * math.prod(LUNG_MM) / 1000
FINE = {"shape": (70, 128, 128), "spacing_mm": (4.0, 2.7, 2.7)}
SMALL = {"shape": (12, 24, 24), "spacing_mm": (24.0, 13.0, 13.0)}


def voxel_at(volume, place):
    """The voxel nearest to a place in the patient, mm: to the left, to the back, up."""
    geometry = volume.geometry
    between, row, column = geometry.spacing_mm
    x, y, z = (at - origin for at, origin in zip(place, geometry.origin_mm, strict=True))
    return volume.hounsfield[round(-z / between), round(y / row), round(x / column)]


def test_the_18_segments_are_on_their_side_and_inside_their_lung():
    assert len(CENTRES) == 18
    for segment in CENTRES:
        x, y, z = centre_of(segment)
        assert (x < 0) == segment.startswith("R")
        aside = (abs(x) - LUNG_X_MM) / LUNG_MM[0]
        assert aside**2 + (y / LUNG_MM[1]) ** 2 + (z / LUNG_MM[2]) ** 2 < 1


def test_body_and_lungs_have_their_volume_and_value():
    volume = build_phantom(**FINE)
    ml = volume.geometry.voxel_ml
    assert set(np.unique(volume.hounsfield)) == {AIR_HU, LUNG_HU, BODY_HU}
    assert (volume.hounsfield == LUNG_HU).sum() * ml == pytest.approx(2 * LUNG_ML, rel=0.01)
    body_ml = math.pi * math.prod(BODY_MM) * 70 * 4 / 1000
    assert (volume.hounsfield > AIR_HU).sum() * ml == pytest.approx(body_ml, rel=0.01)


@pytest.mark.parametrize("segment", CENTRES)
def test_lesion_lies_in_its_segment_with_its_volume(segment):
    lesion = Lesion(segment, 26, CONSOLIDATION_HU)
    volume = build_phantom([lesion], **FINE)
    assert voxel_at(volume, centre_of(segment)) == CONSOLIDATION_HU
    found = (volume.hounsfield == CONSOLIDATION_HU).sum() * volume.geometry.voxel_ml
    assert found == pytest.approx(known_volumes_ml([lesion])[segment], rel=0.15)


def test_known_volumes_add_up_by_segment():
    found = known_volumes_ml([Lesion("R1", 20), Lesion("R1", 10), Lesion("L10", 20)])
    assert found == {"R1": pytest.approx(math.pi * 9000 / 6000), "L10": pytest.approx(math.pi * 8000 / 6000)}


def test_filled_segments_share_out_the_lung_and_leave_the_other_alone():
    right = [name for name in CENTRES if name.startswith("R")]
    ml = build_phantom(**FINE).geometry.voxel_ml
    parts = []
    for segment in right:
        volume = build_phantom(fills={segment: CONSOLIDATION_HU}, **FINE)
        assert voxel_at(volume, centre_of(segment)) == CONSOLIDATION_HU
        filled = volume.hounsfield == CONSOLIDATION_HU
        assert not filled[:, :, 64:].any()
        parts.append(filled.sum() * ml)
    assert min(parts) > 40
    assert sum(parts) == pytest.approx(LUNG_ML, rel=0.01)


def test_files_are_the_same_from_the_same_text_and_others_from_another():
    volume = build_phantom([Lesion("R1", 60)], **SMALL)
    assert render_phantom(volume, "one") == render_phantom(volume, "one")
    one, other = (dcmread(io.BytesIO(render_phantom(volume, seed)[0])) for seed in ("one", "other"))
    for name in ("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID", "FrameOfReferenceUID"):
        assert one[name].value != other[name].value
        assert one[name].value.is_valid


def test_what_the_header_is_to_say_is_written():
    person = {"PatientName": "Planted^Wei", "PatientBirthDate": "19520117", "StudyDescription": "Planted thorax"}
    dataset = dcmread(io.BytesIO(render_phantom(build_phantom(**SMALL), "one", **person)[0]))
    assert {name: dataset[name].value for name in person} == person
    assert (dataset.RescaleIntercept, dataset.RescaleSlope, dataset.InstanceNumber) == (-1024, 1, 1)


def test_compressed_files_hold_the_same_pixels():
    volume = build_phantom([Lesion("R1", 60)], **SMALL)
    files = render_phantom(volume, "one")
    for one, other in zip(files, compress_files(files), strict=True):
        first, second = dcmread(io.BytesIO(one)), dcmread(io.BytesIO(other))
        assert second.file_meta.TransferSyntaxUID == RLELossless
        assert np.array_equal(first.pixel_array, second.pixel_array)
        assert first.SOPInstanceUID == second.SOPInstanceUID
