"""Neither copy of a scan holds a word of the person; the reading copy says not even when it was taken."""

import re
import warnings
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from pydicom import Dataset, dcmread
from pydicom.datadict import keyword_for_tag
from pydicom.sr.codedict import codes
from pydicom.uid import ExplicitVRBigEndian, ImplicitVRLittleEndian, JPEGLSLossless, RLELossless
from tests.support.ct_slice import as_file, as_read, hashed, plain_slice, put_pixels, survivors

from firstbreath.reading.burned_in import burned_in_risk
from firstbreath.reading.scrub import render_copy, scrub_archive, scrub_reading
from firstbreath.reading.scrub_pixels import ScrubRefused
from firstbreath.reading.scrub_tags import IMPLEMENTATION_UID, KEPT, OPTIONS, SOP_CLASSES, TRANSFER_SYNTAXES

REAL = Path(__file__).parents[4] / "shared" / "ct"

PLANTED = {
    "PatientName": "QUINTERO^ROSAURA",
    "PatientID": "HC-4471902",
    "PatientBirthDate": "19610312",
    "PatientBirthTime": "041733",
    "PatientSex": "F",
    "PatientAge": "059Y",
    "PatientSize": "1.6173",
    "PatientWeight": "71.377",
    "PatientAddress": "Calle Olmo 17",
    "PatientTelephoneNumbers": "+52 555 0199",
    "PatientMotherBirthName": "ARRIAGA",
    "PatientComments": "wife of the mayor",
    "EthnicGroup": "Mixteca",
    "Occupation": "glassblower",
    "AdditionalPatientHistory": "fell off a ladder",
    "AdmissionID": "ADM-88123",
    "AccessionNumber": "ACC-770031",
    "StudyID": "ST-90417",
    "StudyDescription": "Torax dia 28 control",
    "SeriesDescription": "Lung 1.0 B70f dia 28",
    "ProtocolName": "PneumoRoutine",
    "ImageComments": "seen by Dr Ibarra",
    "InstitutionName": "Hospital San Telmo",
    "InstitutionAddress": "Avenida Robles 4",
    "InstitutionalDepartmentName": "Radiologia Norte",
    "StationName": "CTAWP66071",
    "Manufacturer": "Schattenwerk",
    "ManufacturerModelName": "Radiant 9000",
    "DeviceSerialNumber": "SN-660713",
    "SoftwareVersions": "syngo VX-13",
    "OperatorsName": "TECH^MARISOL",
    "ReferringPhysicianName": "IBARRA^JULIO",
    "PerformingPhysicianName": "SOLANO^PETRA",
    "NameOfPhysiciansReadingStudy": "MENDEZ^ROSA",
    "SeriesDate": "20200511",
    "ContentDate": "20200512",
    "SeriesTime": "113355.771",
    "ContentTime": "113401.993",
    "DateOfLastCalibration": "20200401",
    "PerformedProcedureStepDescription": "CT PROC 4417",
}
NESTED = {
    "RequestAttributesSequence": ("ScheduledProcedureStepDescription", "ask Ibarra first"),
    "ReferencedPatientSequence": ("ReferencedSOPInstanceUID", "1.2.826.9.77.1"),
    "OtherPatientIDsSequence": ("PatientID", "CURP-QURO610312"),
    "ReferencedStudySequence": ("ReferencedSOPInstanceUID", "1.2.826.9.77.2"),
    "ReferencedImageSequence": ("ReferencedSOPInstanceUID", "1.2.826.9.77.3"),
    "PersonIdentificationCodeSequence": ("CodeMeaning", "nurse Eulalia"),
    "OriginalAttributesSequence": ("SourceOfPreviousValues", "San Telmo PACS"),
}
WHEN = {
    "StudyDate": "20200517",
    "StudyTime": "101112.131",
    "AcquisitionDate": "20200518",
    "AcquisitionTime": "111213.141",
}
ELSEWHERE = {
    "private": "priv-Quintero",
    "overlay": "OVERLAY QUINTERO",
    "curve": "curve Quintero",
    "source AE": "SANTELMO_CT1",
    "private meta": "meta-Quintero",
    "preamble": "preamble Quintero",
    "image type": "QUINTERO LAST",
    "after the pixels": "tail Quintero!",
}
TOO_SHORT = ("PatientSex",)
"""A value of one letter is in any file; that the copy has none is asserted by itself."""


def planted_slice() -> Dataset:
    dataset = plain_slice()
    for keyword, value in {**PLANTED, **WHEN}.items():
        setattr(dataset, keyword, value)
    for sequence, (keyword, value) in NESTED.items():
        within = Dataset()
        within.ReferencedSOPClassUID = dataset.SOPClassUID
        setattr(within, keyword, value)
        setattr(dataset, sequence, [within])
    block = dataset.private_block(0x0029, "SIEMENS CSA HEADER", create=True)
    block.add_new(0x10, "LO", ELSEWHERE["private"])
    dataset.add_new((0x6000, 0x3000), "OW", ELSEWHERE["overlay"].encode())
    dataset.add_new((0x6000, 0x0022), "LO", ELSEWHERE["overlay"])
    dataset.add_new((0x5000, 0x0022), "LO", ELSEWHERE["curve"])
    dataset.file_meta.SourceApplicationEntityTitle = ELSEWHERE["source AE"]
    dataset.file_meta.PrivateInformationCreatorUID = "1.2.826.9.99"
    dataset.file_meta.PrivateInformation = ELSEWHERE["private meta"].encode() + b"\0"
    dataset.preamble = ELSEWHERE["preamble"].encode().ljust(128, b"\0")
    dataset.ImageType = ["ORIGINAL", "PRIMARY", "AXIAL", ELSEWHERE["image type"]]
    dataset.PixelData += ELSEWHERE["after the pixels"].encode()
    return dataset


def archive(dataset, number=1, **changed) -> Dataset:
    told = {"subject": "MX-004", "time_point": "day-28", "trial": "MEXCOVID", **changed}
    return scrub_archive(dataset, number=number, hashed=hashed, **told)


def reading(dataset, number=1, case="K7QF") -> Dataset:
    return scrub_reading(dataset, case=case, number=number, hashed=hashed)


COPIES = pytest.mark.parametrize("scrub", [archive, reading], ids=["archive", "reading"])


@pytest.fixture
def planted() -> Dataset:
    return as_read(planted_slice())


def planted_values(scrub) -> dict[str, str]:
    values = {**PLANTED, **ELSEWHERE, **{name: value for name, (_, value) in NESTED.items()}}
    values |= {"study": "1.2.826.1.1", "series": "1.2.826.1.2", "frame": "1.2.826.1.3", "instance": "1.2.826.1.4.1"}
    if scrub is reading:
        values |= {**WHEN, "kernel": "B70f"}
    return {where: value for where, value in values.items() if where not in TOO_SHORT}


def test_forty_attributes_are_planted():
    assert len(PLANTED) == 40


@COPIES
def test_nothing_planted_survives(scrub, planted):
    everything = planted_values(scrub)
    assert survivors(everything, as_file(planted_slice())) == everything, "a plant that is not there proves nothing"
    assert survivors(everything, render_copy(scrub(planted))) == {}


@COPIES
def test_pixels_and_geometry_are_identical(scrub, planted):
    copy = dcmread_bytes(render_copy(scrub(planted, number=7)))
    assert copy.PixelData == plain_slice().PixelData
    for keyword in ("PixelSpacing", "ImagePositionPatient", "ImageOrientationPatient", "SliceThickness", "Rows"):
        assert copy[keyword].value == planted[keyword].value
    assert (copy.RescaleSlope, copy.RescaleIntercept, copy.InstanceNumber) == (1, -1024, 7)
    assert copy.get("PatientSex") in (None, "")


@COPIES
def test_only_listed_attributes_are_there(scrub, planted):
    copy = scrub(planted)
    assert not [element.tag for element in copy.iterall() if element.tag.is_private]
    assert {element.keyword for element in copy if element.VR == "SQ"} <= {
        "DeidentificationMethodCodeSequence",
        "ReferencedImageSequence",
    }
    assert copy.ImageType == ["ORIGINAL", "PRIMARY", "AXIAL"]


@COPIES
def test_file_is_its_own(scrub, planted):
    file = render_copy(scrub(planted))
    meta = dcmread_bytes(file).file_meta
    assert file[:128] == bytes(128)
    assert meta.ImplementationClassUID == IMPLEMENTATION_UID
    assert meta.ImplementationVersionName == "FIRSTBREATH_1"
    assert {element.keyword for element in meta} == {
        "FileMetaInformationGroupLength",
        "FileMetaInformationVersion",
        "MediaStorageSOPClassUID",
        "MediaStorageSOPInstanceUID",
        "TransferSyntaxUID",
        "ImplementationClassUID",
        "ImplementationVersionName",
    }


@COPIES
def test_file_that_came_is_unchanged(scrub, planted):
    before = as_file(planted)
    scrub(planted)
    assert as_file(planted) == before


def dcmread_bytes(file: bytes) -> Dataset:
    from io import BytesIO

    return dcmread(BytesIO(file))


def options_of(copy) -> list[str]:
    return [item.CodeValue for item in copy.DeidentificationMethodCodeSequence]


def test_archive_copy_says_who_by_code_and_when(planted):
    copy = archive(planted)
    assert (copy.PatientID, str(copy.PatientName)) == ("MX-004", "MX-004")
    assert copy.ClinicalTrialProtocolID == "MEXCOVID"
    assert (copy.ClinicalTrialSubjectID, copy.ClinicalTrialTimePointID) == ("MX-004", "day-28")
    assert {keyword: copy[keyword].value for keyword in WHEN} == WHEN
    assert copy.ConvolutionKernel == "B70f"
    assert options_of(copy) == ["113100", "113106"]
    assert (copy.PatientIdentityRemoved, copy.LongitudinalTemporalInformationModified) == ("YES", "UNMODIFIED")


def test_reading_copy_says_neither(planted):
    copy = reading(planted)
    assert (copy.PatientID, str(copy.PatientName)) == ("K7QF", "K7QF")
    assert not [element.keyword for element in copy if element.tag.group == 0x0012 and element.tag.element < 0x0062]
    assert [element.keyword for element in copy if element.VR in ("DA", "TM", "DT") and element.value] == []
    assert {element.keyword for element in copy if element.VR in ("DA", "TM", "DT")} == {
        *("StudyDate", "StudyTime", "PatientBirthDate")
    }
    assert "ConvolutionKernel" not in copy
    assert "SeriesDescription" not in copy
    assert options_of(copy) == ["113100"]
    assert copy.LongitudinalTemporalInformationModified == "REMOVED"


def test_dates_changed_before_are_not_called_real(planted):
    planted.LongitudinalTemporalInformationModified = "MODIFIED"
    copy = archive(planted)
    assert (copy.LongitudinalTemporalInformationModified, options_of(copy)) == ("MODIFIED", ["113100", "113107"])


def test_codes_are_those_of_the_standard():
    found = {each.value: each.meaning for each in codes.cid7050.concepts.values()}
    assert OPTIONS.items() <= found.items()


def test_listed_classes_and_syntaxes_are_those_of_the_standard():
    from pydicom.uid import UID

    assert [UID(each).name for each in SOP_CLASSES] == ["CT Image Storage", "Secondary Capture Image Storage"]
    assert all(UID(each).is_transfer_syntax for each in TRANSFER_SYNTAXES)


def test_references_are_remapped_with_what_they_name(planted):
    planted.ReferencedImageSequence[0].ReferencedSOPInstanceUID = "1.2.826.1.4.1"
    copy = archive(planted)
    assert copy.ReferencedImageSequence[0].ReferencedSOPInstanceUID == copy.SOPInstanceUID
    assert len(copy.ReferencedImageSequence[0]) == 2
    assert "ReferencedImageSequence" not in reading(planted)


def test_reference_to_a_class_of_a_maker_is_dropped(planted):
    planted.ReferencedImageSequence[0].ReferencedSOPClassUID = "1.3.12.2.1107.5.9.1"
    assert "ReferencedImageSequence" not in archive(planted)


@COPIES
def test_uids_agree_over_a_series_and_with_the_key(scrub):
    one, two = (scrub(plain_slice(place=place)) for place in (0, 1))
    for keyword in ("StudyInstanceUID", "SeriesInstanceUID", "FrameOfReferenceUID"):
        assert one[keyword].value == two[keyword].value
    assert one.SOPInstanceUID != two.SOPInstanceUID
    uids = [one.StudyInstanceUID, one.SeriesInstanceUID, one.FrameOfReferenceUID, one.SOPInstanceUID]
    assert len(set(uids)) == 4
    assert all(re.fullmatch(r"2\.25\.(0|[1-9][0-9]{0,38})", uid) and uid.is_valid for uid in uids)
    assert one.file_meta.MediaStorageSOPInstanceUID == one.SOPInstanceUID


def test_scan_read_twice_is_not_seen_to_be_the_same():
    once, again = reading(plain_slice(), case="K7QF"), reading(plain_slice(), case="M2ZD")
    for keyword in ("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID", "FrameOfReferenceUID"):
        values = [once[keyword].value, again[keyword].value, archive(plain_slice())[keyword].value]
        assert len(set(values)) == 3


WRONG = {
    "ConvolutionKernel": "Quintero",
    "KVP": "19610312",
    "PatientPosition": "QUINTERO",
    "BurnedInAnnotation": "QUINTERO",
    "RescaleType": "QUINTERO",
    "Modality": "QUINTERO",
    "StudyDate": "20209999",
    "StudyTime": "QUINTERO",
    "SliceThickness": "-1",
    "LossyImageCompressionMethod": "QUINTERO",
}


@pytest.mark.parametrize(("keyword", "value"), WRONG.items(), ids=WRONG)
def test_value_that_does_not_look_as_it_should_is_dropped(keyword, value):
    dataset = plain_slice()
    with warnings.catch_warnings(action="ignore"):
        dataset.add_new(keyword, "LO", value)
        dataset = as_read(dataset)
    assert archive(dataset).get(keyword) in (None, "")


KERNELS = ["B70f", "Br40d\\3", "I70f\\2", "Hr40", "FC51", "YA", "LUNG", "BONEPLUS", "C"]


@pytest.mark.parametrize("kernel", KERNELS)
def test_kernels_of_the_makers_stay(kernel):
    dataset = plain_slice()
    dataset.ConvolutionKernel = kernel.split("\\")
    assert archive(dataset).ConvolutionKernel == dataset.ConvolutionKernel


def test_long_decimal_is_written_as_the_standard_wants_it():
    dataset = plain_slice()
    with warnings.catch_warnings(action="ignore"):
        dataset.PixelSpacing = ["0.70312500000000001", "0.703125"]
        dataset = as_read(dataset)
    assert list(dcmread_bytes(render_copy(reading(dataset))).PixelSpacing) == [0.703125, 0.703125]


@pytest.mark.parametrize(("signed", "stored", "kept"), [(0, 63536, 63536), (1, -2000, -2000)])
def test_padding_keeps_its_sign(signed, stored, kept):
    dataset = plain_slice(syntax=ImplicitVRLittleEndian)
    dataset.PixelRepresentation = signed
    dataset.add_new("PixelPaddingValue", "SS" if signed else "US", stored)
    assert dcmread_bytes(render_copy(reading(as_read(dataset)))).PixelPaddingValue == kept


@pytest.mark.parametrize("syntax", [ImplicitVRLittleEndian, ExplicitVRBigEndian])
def test_other_ways_to_write_a_file_are_kept(syntax):
    dataset = plain_slice(syntax=syntax)
    copy = dcmread_bytes(render_copy(reading(as_read(dataset))))
    assert copy.file_meta.TransferSyntaxUID == syntax
    assert (copy.pixel_array == as_read(dataset).pixel_array).all()
    assert copy.Rows == dataset.Rows


def commented(frame: bytes, text: bytes) -> bytes:
    return frame[:2] + b"\xff\xfe" + (len(text) + 2).to_bytes(2) + text + frame[2:]


def test_comment_within_a_compressed_frame_is_dropped():
    from pydicom.encaps import encapsulate, generate_frames

    dataset = plain_slice()
    pixels = dataset.pixel_array.copy()
    dataset.compress(JPEGLSLossless, generate_instance_uid=False)
    (frame,) = generate_frames(dataset.PixelData, number_of_frames=1)
    dataset.PixelData = encapsulate([commented(frame, b"QUINTERO^ROSAURA")])
    assert b"QUINTERO" in as_file(dataset)
    file = render_copy(reading(as_read(dataset)))
    assert b"QUINTERO" not in file
    copy = dcmread_bytes(file)
    assert copy.file_meta.TransferSyntaxUID == JPEGLSLossless
    assert (copy.pixel_array == pixels).all()


def test_comment_within_a_jpeg2000_frame_is_dropped():
    from pydicom.encaps import encapsulate, generate_frames

    dataset = plain_slice()
    with_pillow(dataset)
    (frame,) = generate_frames(dataset.PixelData, number_of_frames=1)
    siz = 4 + int.from_bytes(frame[4:6])
    text = b"\xff\x64\x00\x14\x00\x01QUINTERO^ROSAURA"
    before = dataset.pixel_array.copy()
    dataset.PixelData = encapsulate([frame[:siz] + text + frame[siz:]])
    file = render_copy(reading(as_read(dataset)))
    assert b"QUINTERO" not in file
    assert (dcmread_bytes(file).pixel_array == before).all()


def with_pillow(dataset) -> None:
    """JPEG 2000 as Pillow writes it: no encoder for it comes with pydicom."""
    from io import BytesIO

    from PIL import Image
    from pydicom.encaps import encapsulate
    from pydicom.uid import JPEG2000Lossless

    written = BytesIO()
    Image.fromarray(dataset.pixel_array.astype("uint16")).save(written, "JPEG2000", no_jp2=True)
    dataset.file_meta.TransferSyntaxUID = JPEG2000Lossless
    dataset.PixelData, dataset.BitsStored, dataset.HighBit = encapsulate([written.getvalue()]), 16, 15
    dataset["PixelData"].is_undefined_length = True


def test_run_length_frames_are_kept():
    dataset = plain_slice()
    pixels = dataset.pixel_array.copy()
    dataset.compress(RLELossless, generate_instance_uid=False)
    assert (dcmread_bytes(render_copy(reading(as_read(dataset)))).pixel_array == pixels).all()


REFUSED = {
    "no pixels": (lambda it: it.pop("PixelData"), "holds no pixels"),
    "too few pixels": (lambda it: setattr(it, "PixelData", b"12"), "holds 2 bytes"),
    "no rows": (lambda it: it.pop("Rows"), "does not say its rows"),
    "no study": (lambda it: it.pop("StudyInstanceUID"), "has no StudyInstanceUID"),
    "no class": (lambda it: it.pop("SOPClassUID"), "is no CT image"),
    "an enhanced CT": (lambda it: setattr(it, "SOPClassUID", "1.2.840.10008.5.1.4.1.1.2.1"), "is no CT image"),
    "no syntax": (lambda it: it.file_meta.pop("TransferSyntaxUID"), "names no transfer syntax"),
}


@pytest.mark.parametrize(("spoil", "words"), REFUSED.values(), ids=REFUSED)
@COPIES
def test_file_that_cannot_be_scrubbed_is_refused(scrub, spoil, words):
    dataset = plain_slice()
    spoil(dataset)
    with pytest.raises(ScrubRefused, match=words):
        scrub(dataset)


@pytest.mark.parametrize("tail", [b"QUINTERO", b"\0\0QUINTERO"])
def test_text_after_a_compressed_frame_is_refused(tail):
    from pydicom.encaps import encapsulate, generate_frames

    dataset = plain_slice()
    dataset.compress(JPEGLSLossless, generate_instance_uid=False)
    (frame,) = generate_frames(dataset.PixelData, number_of_frames=1)
    dataset.PixelData = encapsulate([frame.rstrip(b"\0") + tail])
    with pytest.raises(ScrubRefused, match="does not end where its pixels do"):
        reading(as_read(dataset))


def test_comment_among_compressed_pixels_is_refused():
    from pydicom.encaps import encapsulate, generate_frames

    dataset = plain_slice()
    dataset.compress(JPEGLSLossless, generate_instance_uid=False)
    (frame,) = generate_frames(dataset.PixelData, number_of_frames=1)
    end = frame.rindex(b"\xff\xd9")
    dataset.PixelData = encapsulate([frame[:end] + b"\xff\xfe\x00\x0aQUINTERO" + frame[end:]])
    with pytest.raises(ScrubRefused, match="text among its pixels"):
        reading(as_read(dataset))


def test_comment_in_a_tile_is_refused():
    from pydicom.encaps import encapsulate, generate_frames

    dataset = plain_slice()
    with_pillow(dataset)
    (frame,) = generate_frames(dataset.PixelData, number_of_frames=1)
    tile = frame.index(b"\xff\x90\x00\x0a")
    text = b"\xff\x64\x00\x0c\x00\x01QUINTERO"
    length = int.from_bytes(frame[tile + 6 : tile + 10]) + len(text)
    head = frame[: tile + 6] + length.to_bytes(4) + frame[tile + 10 : tile + 12]
    dataset.PixelData = encapsulate([head + text + frame[tile + 12 :]])
    with pytest.raises(ScrubRefused, match="text among its pixels"):
        reading(as_read(dataset))


@pytest.mark.parametrize("frame", [b"QUINTERO", b"\xff\xd8\xff", b"\xff\xd8\xff\xfe\x00\x00", b"\xff\xd8QUINTERO"])
def test_frame_that_cannot_be_followed_is_refused(frame):
    from pydicom.encaps import encapsulate

    dataset = plain_slice()
    dataset.file_meta.TransferSyntaxUID = JPEGLSLossless
    dataset.PixelData = encapsulate([frame])
    dataset["PixelData"].is_undefined_length = True
    with pytest.raises(ScrubRefused, match="frame") as refused:
        reading(dataset)
    assert "QUINTERO" not in str(refused.value)


@pytest.mark.parametrize("code", ["", "MX^004", "MX\\004", "Ñ", "x" * 65, " MX", "MX "])
def test_code_that_is_none_is_refused(code):
    with pytest.raises(ValueError, match="is no code"):
        reading(plain_slice(), case=code)
    with pytest.raises(ValueError, match="is no code"):
        archive(plain_slice(), time_point=code)


def test_weak_hash_is_refused():
    with pytest.raises(ValueError, match="8 bytes"):
        scrub_reading(plain_slice(), case="K7QF", number=1, hashed=lambda _: b"12345678")


def test_place_is_from_one():
    with pytest.raises(ValueError, match="no place of a slice"):
        reading(plain_slice(), number=0)


def test_no_value_reaches_a_warning_or_a_log(caplog):
    """pydicom warns of a value by printing it, and logs it."""
    dataset = plain_slice()
    dataset.add_new("PixelSpacing", "LO", "Quintero")
    dataset.add_new("ReferencedImageSequence", "LO", "Quintero")
    wrong = as_file(dataset).replace(b"\x28\x00\x30\x00LO", b"\x28\x00\x30\x00DS")
    wrong = wrong.replace(b"\x08\x00\x40\x11LO", b"\x08\x00\x40\x11DA")
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        copy = archive(dcmread_bytes(wrong))
    assert (heard, caplog.text) == ([], "")
    assert "PixelSpacing" not in copy
    assert "ReferencedImageSequence" not in copy


# Two scans of one patient: nothing in the reading copies orders them.


def two_scans() -> tuple[Dataset, Dataset]:
    before, after = (plain_slice(root=root) for root in ("1.2.826.1.20200517", "1.2.826.1.20200614"))
    for scan, day in ((before, "20200517"), (after, "20200614")):
        scan.StudyDate = scan.AcquisitionDate = scan.SeriesDate = day
        scan.StudyTime = "101500" if scan is before else "173000"
        scan.AccessionNumber, scan.StudyID, scan.SeriesNumber = f"A{day}", day[4:], "1" if scan is before else "2"
        scan.StudyDescription = scan.SeriesDescription = "basal" if scan is before else "control dia 28"
        scan.ClinicalTrialTimePointID, scan.ClinicalTrialTimePointDescription = scan.StudyDescription, day
        scan.ClinicalTrialSubjectID, scan.InstanceNumber = "MX-004", "4" if scan is before else "9"
        scan.PatientAge, scan.KVP = ("059Y", "120") if scan is before else ("060Y", "100")
        scan.Manufacturer, scan.StationName = ("SIEMENS", "CT1") if scan is before else ("GE", "CT2")
        scan.ConvolutionKernel = "B70f" if scan is before else "LUNG"
    return as_read(before), as_read(after)


OWN = {"SOPInstanceUID", "StudyInstanceUID", "SeriesInstanceUID", "FrameOfReferenceUID", "PatientName", "PatientID"}
LEAKS = {
    "StudyDate": "empty",
    "StudyTime": "empty",
    "AcquisitionDate": "absent",
    "SeriesDate": "absent",
    "ClinicalTrialSubjectID": "absent",
    "ClinicalTrialTimePointID": "absent",
    "ClinicalTrialTimePointDescription": "absent",
    "StudyDescription": "absent",
    "SeriesDescription": "absent",
    "AccessionNumber": "empty",
    "StudyID": "empty",
    "SeriesNumber": "empty",
    "PatientAge": "absent",
    "StationName": "absent",
    "Manufacturer": "empty",
    "KVP": "empty",
    "ConvolutionKernel": "absent",
}


@pytest.mark.parametrize(("keyword", "left"), LEAKS.items(), ids=LEAKS)
def test_nothing_of_a_time_point_is_left(keyword, left):
    before, after = two_scans()
    for copy in (reading(before, case="M2ZD"), reading(after, case="K7QF")):
        assert keyword not in copy if left == "absent" else copy[keyword].is_empty


def test_place_in_the_series_is_the_one_given():
    assert [reading(scan, number=1).InstanceNumber for scan in two_scans()] == [1, 1]


def test_two_time_points_differ_in_case_and_uids_alone():
    before, after = (reading(scan, case=case) for scan, case in zip(two_scans(), ("M2ZD", "K7QF"), strict=True))
    assert {element.keyword for element in before} == {element.keyword for element in after}
    assert {each.keyword for each in before if each != after[each.tag]} == OWN


def test_uids_do_not_follow_time():
    """Forty scans, each after the other: their new UIDs are in no order, and tell of no common root."""
    later = [reading(plain_slice(root=f"1.2.826.1.{day}")).StudyInstanceUID for day in range(20200501, 20200541)]
    numbers = [int(uid.rpartition(".")[2]) for uid in later]
    steps = sum(b > a for a, b in pairwise(numbers))
    assert len(set(numbers)) == 40
    assert 8 < steps < 31


def test_number_in_the_order_of_elements_is_that_of_the_standard():
    tags = [element.tag for element in reading(two_scans()[0])]
    assert tags == sorted(tags)


# Second opinion: dicom-anonymizer, which holds Table E.1-1 as lists.

INTENDED = {
    "StudyDate": "the archive copy keeps the real day, option 113106",
    "StudyTime": "the archive copy keeps the real time, option 113106",
    "AcquisitionDate": "the archive copy keeps the real day, option 113106",
    "AcquisitionTime": "the archive copy keeps the real time, option 113106",
}


def touched(before: Dataset, after: Dataset) -> set[str]:
    """The attributes that are gone or another's, sequences by their name."""
    return {
        each.keyword or str(each.tag) for each in before if each.tag not in after or after[each.tag].value != each.value
    }


@pytest.mark.parametrize("edition", ["2023", "2024b", "2026c"])
@COPIES
def test_whatever_another_removes_is_removed(scrub, edition):
    import dicomanonymizer.simpledicomanonymizer as other

    theirs, ours, came = (as_read(planted_slice()) for _ in range(3))
    with warnings.catch_warnings(action="ignore", category=DeprecationWarning):
        other.anonymize_dataset(theirs, base_rules_gen=lambda: other.initialize_actions(f"dicomfields_{edition}"))
    spared = touched(came, theirs) - touched(came, scrub(ours))
    assert spared == (set(INTENDED) if scrub is archive else set())


# The table itself, as dicom-anonymizer lists it: every public attribute planted at once.


def listed_tags() -> set[tuple[int, int]]:
    from dicomanonymizer.dicom_anonymization_databases import dicomfields_2024b as table

    lists = (value for value in vars(table).values() if isinstance(value, list))
    return {tag for each in lists for tag in each if isinstance(tag, tuple) and len(tag) == 2}


SHAPES = {"DA": "19370713", "TM": "235917.317", "DT": "19370713235917.317", "AS": "117Y", "UI": "1.2.826.317.317"}
TEXTS = ("LO", "SH", "LT", "ST", "UT", "PN", "UC", "UR", "AE", "CS")


@COPIES
def test_no_listed_attribute_survives(scrub):
    from pydicom.datadict import dictionary_VR

    dataset, intended = plain_slice(), {*WHEN, "SOPInstanceUID"}
    for tag in listed_tags():
        if tag[0] < 8 or not keyword_for_tag(tag) or keyword_for_tag(tag) in intended:
            continue
        value = SHAPES.get(dictionary_VR(tag), "PLANTED317" if dictionary_VR(tag) in TEXTS else None)
        if value:
            dataset.add_new(tag, dictionary_VR(tag), value)
    assert len(dataset) > 300
    with warnings.catch_warnings(action="ignore"):
        file = render_copy(scrub(as_read(dataset)))
    assert survivors({**SHAPES, "text": "PLANTED317"}, file) == {}


# A person must look.


LETTERS = ("0111001", "0100101", "0111001", "0100101", "0111001", "0000000")


def with_letters(dataset: Dataset) -> Dataset:
    pixels = np.full((64, 64), 100, "<u2")
    pixels[20:44, 20:44] = 1100
    bitmap = np.array([[int(bit) for bit in row] for row in LETTERS])
    pixels[2:8, 2:58] = np.where(np.tile(bitmap, 8), 4095, 100)
    put_pixels(dataset, pixels)
    return dataset


def changed(**values) -> Dataset:
    dataset = plain_slice()
    for keyword, value in values.items():
        setattr(dataset, keyword, value)
    return dataset


RISKS = {
    "told": (lambda: changed(BurnedInAnnotation="YES"), "the file says that text is burned in"),
    "captured": (lambda: changed(SOPClassUID="1.2.840.10008.5.1.4.1.1.7"), "secondary capture"),
    "converted": (lambda: changed(ConversionType="WSD"), "made by a screen or a scanner of paper"),
    "screen": (lambda: changed(ImageType=["DERIVED", "SECONDARY", "SCREEN SAVE"]), "a saved screen"),
    "letters": (lambda: with_letters(plain_slice()), "rows like letters at the border"),
    "unused bits": (lambda: changed(BitsStored=8, HighBit=7), "values beyond the bits that the file says it uses"),
    "no picture": (lambda: changed(PixelData=b"12"), "the pixels cannot be looked at"),
}


@pytest.mark.parametrize(("made", "reason"), RISKS.values(), ids=RISKS)
def test_risk_is_named(made, reason):
    assert reason in burned_in_risk(made())


def test_overlay_within_the_pixels_is_named():
    dataset = plain_slice()
    dataset.add_new((0x6000, 0x0102), "US", 15)
    assert burned_in_risk(dataset) == ("an overlay stored within the pixels",)


def test_plain_slice_needs_no_look():
    assert burned_in_risk(plain_slice()) == ()


@pytest.mark.parametrize("told", ["YES", "NO"])
def test_what_was_told_of_burned_in_text_stays(told):
    assert reading(changed(BurnedInAnnotation=told)).BurnedInAnnotation == told


# A real scan.


@pytest.fixture(scope="module")
def real_series() -> dict[str, list[Dataset]]:
    if not REAL.is_dir():
        pytest.skip(f"no real CT: {REAL} is absent")
    return {kernel: [dcmread(file) for file in sorted((REAL / kernel).glob("*.dcm"))] for kernel in ("b70f", "b40f")}


IDENTIFYING = (
    *("PatientID", "PatientName", "StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID", "FrameOfReferenceUID"),
    *("StudyDate", "StudyTime", "SeriesTime", "AcquisitionTime", "ContentTime", "StudyDescription"),
    *("SeriesDescription", "ProtocolName", "Manufacturer", "ManufacturerModelName", "SoftwareVersions", "PatientAge"),
    *("InstitutionName", "DeviceSerialNumber", "StationName", "AccessionNumber", "ConvolutionKernel"),
)


def originals(slices: list[Dataset]) -> dict[str, str]:
    found = {f"{key} {n}": str(each.get(key, "")) for n, each in enumerate(slices) for key in IDENTIFYING}
    nested = {f"reference {uid}": uid for each in slices for uid in referenced(each)}
    meta = {"source AE": slices[0].file_meta.SourceApplicationEntityTitle}
    private = {"private": "SIEMENS", "collection": "Lung-PET-CT-Dx", "root": "1.3.6.1.4.1.14519"}
    return {where: value for where, value in {**found, **nested, **meta, **private}.items() if len(value) > 3}


def referenced(dataset: Dataset) -> list[str]:
    return [str(each.value) for each in dataset.iterall() if each.keyword == "ReferencedSOPInstanceUID"]


def test_nothing_of_a_real_scan_survives_in_the_reading_copy(real_series):
    slices = [each for series in real_series.values() for each in series]
    words = originals(slices)
    assert len(words) > 500
    for number, each in enumerate(slices, 1):
        scrubbed = reading(each, number=number)
        scrubbed.PixelData = b""
        assert survivors(words, render_copy(scrubbed)) == {}


def test_real_scan_hangs_together(real_series):
    copies = {name: [archive(each, n) for n, each in enumerate(series, 1)] for name, series in real_series.items()}
    every = [each for series in copies.values() for each in series]
    assert len({each.StudyInstanceUID for each in every}) == 1
    assert len({each.FrameOfReferenceUID for each in every}) == 1
    assert {name: len({each.SeriesInstanceUID for each in series}) for name, series in copies.items()} == {
        "b70f": 1,
        "b40f": 1,
    }
    assert len({each.SOPInstanceUID for each in every}) == 60
    assert {name: {each.ConvolutionKernel for each in series} for name, series in copies.items()} == {
        "b70f": {"B70f"},
        "b40f": {"B40f"},
    }
    came = {each.SOPInstanceUID: copy for each, copy in zip(chained(real_series), every, strict=True)}
    for each, copy in zip(chained(real_series), every, strict=True):
        assert copy.PixelData == each.PixelData
        assert copy.ImagePositionPatient == each.ImagePositionPatient
        assert not set(referenced(copy)) & set(referenced(each))
        assert all(uid.startswith("2.25.") for uid in referenced(copy))
    assert len(came) == 60


def chained(series: dict[str, list[Dataset]]) -> list[Dataset]:
    return [each for slices in series.values() for each in slices]


def test_real_scan_needs_no_look(real_series):
    assert {burned_in_risk(each) for each in chained(real_series)} == {()}


def test_every_attribute_kept_is_known_to_the_standard():
    from pydicom.datadict import tag_for_keyword

    assert all(tag_for_keyword(kept.keyword) for kept in KEPT)
