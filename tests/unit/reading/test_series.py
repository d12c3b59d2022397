"""Which slices belong together and what stands against them: each bad series has its reason, and none names anybody."""

from __future__ import annotations

import io
import random
import re

import pytest
from pydicom import dcmread, dcmwrite
from pydicom.encaps import encapsulate
from pydicom.uid import DeflatedExplicitVRLittleEndian, JPEGExtended12Bit

from firstbreath.reading.decode import build_volume
from firstbreath.reading.phantom import Lesion, build_phantom, render_phantom
from firstbreath.reading.refused import ScanRefused
from firstbreath.reading.series import choose_series, find_series

VOLUME = build_phantom([Lesion("R1", 60)], shape=(24, 16, 16), spacing_mm=(12.0, 18.0, 18.0))
PERSON = {"PatientName": "Planted^Wei", "PatientID": "HOSP-7781"}
FILES = render_phantom(VOLUME, "series", **PERSON)
"""Foot first: the last file is the slice nearest the head."""


def changed(change, files=FILES, *, only=None) -> list[bytes]:
    """The files after a change to some datasets, or to all."""
    found = []
    for n, content in enumerate(files):
        dataset = dcmread(io.BytesIO(content))
        if only is None or n in only:
            change(dataset)
        out = io.BytesIO()
        dcmwrite(out, dataset, enforce_file_format=True)
        found.append(out.getvalue())
    return found


def put(only=None, **values):
    """The files with other attributes in some slices, or in all."""

    def change(dataset):
        for name, value in values.items():
            setattr(dataset, name, value)

    return changed(change, only=only)


def without(*names, only=None):
    def change(dataset):
        for name in names:
            delattr(dataset, name)

    return changed(change, only=only)


def moved(move, only=None):
    """The files with each position moved: a function of its height, mm."""

    def change(dataset):
        x, y, z = map(float, dataset.ImagePositionPatient)
        dataset.ImagePositionPatient = [float(each) for each in move(x, y, z)]

    return changed(change, only=only)


def reasons_of(files):
    try:
        found = find_series(files)
        reasons = [reason for series in found for reason in series.against]
        for series in found:
            assert "Planted" not in series.words + "".join(series.notes)
    except ScanRefused as refused:
        reasons = [*refused.reasons]
    for reason in reasons:
        assert not re.search("Planted|Wei|HOSP", reason.text + reason.fix)
        assert reason.fix
    return reasons


def codes_of(files) -> list[str]:
    return [reason.code for reason in reasons_of(files)]


def other_series(kernel="B40f", **more):
    return render_phantom(VOLUME, f"series {kernel}", **(PERSON | {"ConvolutionKernel": kernel} | more))


def test_order_is_that_of_place_whatever_the_order_number_and_name_say():
    files = put(InstanceNumber=1)
    random.Random(1).shuffle(files)
    (series,) = find_series(files)
    places = [each.place_mm for each in series.slices]
    assert places == sorted(places, reverse=True)
    assert (series.against, series.between_mm, series.kernel) == ((), 12.0, "B70f")
    assert series.words == "24 slices, 12 mm apart, 12 mm thick, kernel B70f"


SMALL_TURN = [1, 0, 0, 0, 0.9925, 0.1222]
SAGITTAL, CORONAL = [0, 1, 0, 0, 0, -1], [1, 0, 0, 0, 0, -1]


@pytest.mark.parametrize(
    ("make", "codes"),
    [
        (lambda: put(Modality="MR", SOPClassUID="1.2.840.10008.5.1.4.1.1.4"), ["SCAN-012"]),
        (lambda: put(SOPClassUID="1.2.840.10008.5.1.4.1.1.7"), ["SCAN-012"]),
        (lambda: put(SOPClassUID="1.2.840.10008.5.1.4.1.1.2.1"), ["SCAN-012"]),
        (lambda: put(NumberOfFrames=3), ["SCAN-012"]),
        (lambda: put(SamplesPerPixel=3, PhotometricInterpretation="RGB"), ["SCAN-012"]),
        (lambda: put(PhotometricInterpretation="MONOCHROME1"), ["SCAN-012"]),
        (lambda: put(ImageType=["ORIGINAL", "PRIMARY", "LOCALIZER"]), ["SCAN-014"]),
        (lambda: put(ImageType="LOCALIZER"), ["SCAN-014"]),
        (lambda: put(ImageType=["DERIVED", "SECONDARY", "MPR"]), ["SCAN-014"]),
        (lambda: put(ImageType=["DERIVED", "PRIMARY", "AXIAL", "CSA MIP"]), ["SCAN-014"]),
        (lambda: without("ImagePositionPatient", only=[3]), ["SCAN-013"]),
        (lambda: without("PixelSpacing"), ["SCAN-013"]),
        (lambda: put(PixelSpacing=[0, 18]), ["SCAN-013"]),
        (lambda: put(ImagePositionPatient=[1, 2]), ["SCAN-013"]),
        (lambda: without("PixelData", only=[23]), ["SCAN-011"]),
        (lambda: put(ImageOrientationPatient=[1, 0, 0, 0.7, 0.7, 0]), ["SCAN-013"]),
        (lambda: put(ImageOrientationPatient=[0, 0, 0, 0, 0, 0]), ["SCAN-013"]),
        (lambda: put(PixelSpacing=[17, 17], only=[4]), ["SCAN-016"]),
        (lambda: FILES[:9], ["SCAN-017"]),
        (lambda: FILES[:1], ["SCAN-017"]),
        (lambda: put(ImageOrientationPatient=SAGITTAL), ["SCAN-018"]),
        (lambda: put(ImageOrientationPatient=CORONAL), ["SCAN-018"]),
        (lambda: put(GantryDetectorTilt="12"), ["SCAN-019"]),
        (lambda: put(GantryDetectorTilt="-12", only=[7]), ["SCAN-019"]),
        (lambda: put(ImageOrientationPatient=SMALL_TURN), ["SCAN-019"]),
        (lambda: moved(lambda x, y, z: (x, y + 0.02 * z, z)), ["SCAN-019"]),
        (lambda: moved(lambda x, y, z: (x + 30, y, z), only=[10]), ["SCAN-019"]),
        (lambda: FILES[:10] + FILES[11:], ["SCAN-020"]),
        (lambda: moved(lambda x, y, z: (x, y, z + 0.2), only=[9]), ["SCAN-020"]),
        (lambda: put(LossyImageCompression="01"), ["SCAN-021"]),
        (lambda: put(BitsStored=12), ["SCAN-022"]),
        (lambda: put(BitsStored=0, HighBit=0), ["SCAN-022"]),
        (lambda: put(Rows=60_000, Columns=60_000), ["SCAN-023"]),
        (lambda: put(ImageOrientationPatient=SMALL_TURN, only=range(12)), ["SCAN-024"]),
        (lambda: without("RescaleSlope", only=[3]), ["SCAN-032"]),
        (lambda: without("RescaleIntercept"), ["SCAN-032"]),
        (lambda: put(RescaleSlope=0), ["SCAN-032"]),
        (lambda: put(RescaleType="Z_EFF"), ["SCAN-032"]),
        (
            lambda: changed(lambda dataset: dataset.PixelData, FILES + other_series("B70f", PatientID="H2")),
            ["SCAN-010"],
        ),
        (lambda: FILES + other_series(PatientName="Planted^Ming"), ["SCAN-010"]),
        (lambda: [*FILES[:5], FILES[5][:700], *FILES[6:]], ["SCAN-011"]),
        (lambda: [FILES[0][:132] + b"\xff" * 400], ["SCAN-011"]),
    ],
    ids=[
        *("MR", "secondary capture", "enhanced", "frames", "RGB", "inverted", "topogram", "one kind", "MPR", "MIP"),
        *("no position in one", "no spacing", "spacing 0", "two coordinates", "no pixels", "slanted", "no direction"),
        *("other spacing in one", "nine slices", "one slice", "sagittal", "coronal"),
        *("tilt", "tilt in one", "tilt by cosines", "shear", "one aside", "gap", "uneven"),
        *("lossy", "high bit", "no bits", "huge", "turned in part", "no slope in one", "no intercept", "slope 0"),
        *("atomic numbers", "two numbers", "two names", "cut short", "noise"),
    ],
)
def test_what_stands_against_a_series(make, codes):
    assert set(codes) <= set(codes_of(make()))


def test_size_that_differs_is_a_reason():
    def change(dataset):
        dataset.Rows, dataset.PixelData = 8, dataset.PixelData[:256]

    assert codes_of(changed(change, only=[4])) == ["SCAN-016"]


def test_syntaxes_that_lose_or_inflate_are_refused_unopened():
    def lossy(dataset):
        dataset.PixelData = encapsulate([b"no picture"])
        dataset.file_meta.TransferSyntaxUID = JPEGExtended12Bit

    def deflate(dataset):
        dataset.file_meta.TransferSyntaxUID = DeflatedExplicitVRLittleEndian

    assert codes_of(changed(lossy)) == ["SCAN-021"]
    assert codes_of(changed(deflate)) == ["SCAN-022"]


def test_gap_is_told_with_its_place_and_limit():
    (reason,) = reasons_of(FILES[:10] + FILES[11:])
    assert reason.text == "After slice 13 of 23 the next is 24.00 mm on, not 12.00 mm: slices are missing."


def test_gap_within_a_hundredth_of_the_spacing_is_none():
    assert codes_of(moved(lambda x, y, z: (x, y, z + 0.05), only=[9])) == []


def test_slices_sent_twice_count_once_and_others_at_one_place_are_refused():
    (series,) = find_series(FILES + FILES[3:5])
    assert (len(series.slices), series.notes) == (24, ("2 slices were sent twice, and count once",))
    other = put(only=[3], PixelData=bytes(512), SOPInstanceUID="1.2.3")
    assert codes_of([*FILES, other[3]]) == ["SCAN-015"]
    assert codes_of([*FILES, *put(only=[3], RescaleIntercept="-1000")[3:4]]) == ["SCAN-015"]


def test_cosines_that_differ_by_noise_are_one_stack():
    files = put(only=range(0, 24, 2), ImageOrientationPatient=[1, -1e-9, 0, 2e-10, 1, -0.0])
    (series,) = find_series(files)
    assert (len(series.slices), series.against) == (24, ())


def test_topogram_within_the_series_does_not_stand_against_the_scan():
    topogram = put(only=[0], ImageType=["ORIGINAL", "PRIMARY", "LOCALIZER"], ImageOrientationPatient=CORONAL)[0]
    found = find_series([*FILES, topogram])
    assert [len(series.slices) for series in found] == [24, 1]
    assert choose_series(found) is found[0]


def test_name_written_otherwise_or_left_out_is_no_second_patient():
    files = put(only=range(5), PatientName="planted^wei^^")
    assert codes_of(files) == []
    assert codes_of(put(only=range(5), PatientName="", PatientID="")) == []


def test_reasons_of_all_series_are_told_when_none_is_usable():
    with pytest.raises(ScanRefused) as refused:
        choose_series(find_series(FILES[:6] + other_series(GantryDetectorTilt="9")))
    assert [reason.code for reason in refused.value.reasons] == ["SCAN-017", "SCAN-019"]


@pytest.mark.parametrize(
    ("kernels", "chosen"),
    [
        ((), None),
        (("B31f",), None),
        (("B70f",), "B70f"),
        (("b40*", "B70f"), "B40f"),
        (("B31f", "B70*"), "B70f"),
        (("B*",), None),
    ],
)
def test_kernel_that_is_preferred_is_chosen_else_somebody_is_asked(kernels, chosen):
    found = find_series(FILES + other_series())
    series = choose_series(found, kernels)
    assert (series and series.kernel) == chosen


def test_first_part_of_a_kernel_fits_a_pattern():
    found = find_series(other_series("B40f") + other_series("x", ConvolutionKernel=["Br40d", "3"]))
    assert choose_series(found, ("Br40d",)).kernel == "Br40d/3"


@pytest.mark.parametrize("name", ["ConvolutionKernel", "Modality"])
def test_name_in_a_wrong_place_is_not_repeated(name):
    reasons = reasons_of(put(**{name: "Planted^Wei"}))
    assert all("Planted" not in reason.text for reason in reasons)


def test_whatever_byte_is_wrong_there_is_a_volume_or_a_reason():
    """Headers with bytes changed at random: nothing but a reason ever comes of it."""
    chance, head, told = random.Random(20), len(FILES[0]) - 512, []
    for _ in range(60):
        where = [(chance.randrange(132, head), chance.randrange(256)) for _ in range(chance.choice((1, 1, 2, 4)))]
        files = [bytearray(each) for each in FILES[:11]]
        for n in chance.choice(([0], [5], range(11))):
            for at, value in where:
                files[n][at] = value
        try:
            series = choose_series(find_series(bytes(each) for each in files))
            if series:
                build_volume(series)
        except ScanRefused as refused:
            told += [reason.text for reason in refused.reasons]
    assert told
    assert not [text for text in told if "Planted" in text]
