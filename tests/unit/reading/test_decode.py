"""Every compressed syntax gives the same Hounsfield units, in the radiological order whichever way the patient lay."""

from __future__ import annotations

import io
from pathlib import Path

import msgspec
import numpy as np
import pytest
from pydicom import dcmread, dcmwrite
from pydicom.encaps import encapsulate, get_frame
from pydicom.uid import JPEGLSLossless, RLELossless

from firstbreath.reading.decode import build_volume, slice_bytes
from firstbreath.reading.phantom import Lesion, build_phantom, render_phantom
from firstbreath.reading.refused import ScanRefused
from firstbreath.reading.series import choose_series, find_series
from firstbreath.reading.volume import PADDING_HU, Geometry

CT = Path(__file__).parents[4] / "shared" / "ct"
VOLUME = build_phantom([Lesion("R1", 60), Lesion("L10", 40, 20)], shape=(12, 40, 48), spacing_mm=(20.0, 7.0, 7.5))
FILES = render_phantom(VOLUME, "decode")


def changed(change) -> list[bytes]:
    """The files of the phantom after a change to each dataset."""
    found = []
    for content in FILES:
        dataset = dcmread(io.BytesIO(content))
        change(dataset)
        out = io.BytesIO()
        dcmwrite(out, dataset, enforce_file_format=True)
        found.append(out.getvalue())
    return found


def volume_of(files):
    series = choose_series(find_series(files))
    assert series
    return build_volume(series)


def recoded(syntax_name: str, folder: Path) -> list[bytes]:
    """The files in a syntax that gdcm writes."""
    import gdcm

    found = []
    for n, content in enumerate(FILES):
        source, target = str(folder / f"{n}-in.dcm"), str(folder / f"{n}-out.dcm")
        Path(source).write_bytes(content)
        reader = gdcm.ImageReader()
        reader.SetFileName(source)
        assert reader.Read()
        change = gdcm.ImageChangeTransferSyntax()
        change.SetTransferSyntax(gdcm.TransferSyntax(getattr(gdcm.TransferSyntax, syntax_name)))
        change.SetInput(reader.GetImage())
        assert change.Change()
        writer = gdcm.ImageWriter()
        writer.SetFileName(target)
        writer.SetFile(reader.GetFile())
        writer.SetImage(change.GetOutput())
        assert writer.Write()
        found.append(Path(target).read_bytes())
    return found


def test_stack_is_what_was_written_in_order_of_place():
    found = volume_of(FILES)
    assert np.array_equal(found.hounsfield, VOLUME.hounsfield)
    assert found.geometry == VOLUME.geometry
    import gzip

    assert gzip.decompress(slice_bytes(found, 3)) == VOLUME.hounsfield[3].astype("<i2").tobytes()


@pytest.mark.parametrize("syntax", [RLELossless, JPEGLSLossless], ids=["RLE", "JPEG-LS"])
def test_compressed_by_pydicom(syntax):
    files = changed(lambda dataset: dataset.compress(syntax, generate_instance_uid=False))
    assert np.array_equal(volume_of(files).hounsfield, VOLUME.hounsfield)


@pytest.mark.parametrize("name", ["JPEGLosslessProcess14_1", "JPEG2000Lossless", "JPEGLSLossless"])
def test_compressed_by_gdcm(name, tmp_path):
    assert np.array_equal(volume_of(recoded(name, tmp_path)).hounsfield, VOLUME.hounsfield)


@pytest.mark.parametrize("name", ["JPEGLosslessProcess14_1", "JPEG2000Lossless", "JPEGLSLossless", "RLELossless"])
def test_last_slice_that_is_cut_short_is_refused_and_not_left_out(name, tmp_path):
    files = recoded(name, tmp_path)
    with pytest.raises(ScanRefused) as refused:
        volume_of([files[0][:-40], *files[1:]])
    assert [reason.code for reason in refused.value.reasons] == ["SCAN-011"]


def turned(turn, cosines, corner):
    """The same patient, stored another way: pixels turned, and the geometry that says so."""

    def change(dataset):
        at = [float(each) for each in dataset.ImagePositionPatient]
        shape = (dataset.Rows, dataset.Columns)
        pixels = turn(np.frombuffer(dataset.PixelData, "<u2").reshape(shape))
        row, column = (float(each) for each in dataset.PixelSpacing)
        dataset.ImagePositionPatient = corner(at, row * (shape[0] - 1), column * (shape[1] - 1))
        dataset.ImageOrientationPatient = cosines
        dataset.Rows, dataset.Columns = pixels.shape
        if cosines[0] == 0:
            dataset.PixelSpacing = [column, row]
        dataset.PixelData = np.ascontiguousarray(pixels).tobytes()

    return volume_of(changed(change))


@pytest.mark.parametrize(
    ("turn", "cosines", "corner"),
    [
        (lambda p: p[::-1, ::-1], [-1, 0, 0, 0, -1, 0], lambda at, down, across: [at[0] + across, at[1] + down, at[2]]),
        (lambda p: p[:, ::-1], [-1, 0, 0, 0, 1, 0], lambda at, down, across: [at[0] + across, at[1], at[2]]),
        (lambda p: p[::-1], [1, 0, 0, 0, -1, 0], lambda at, down, across: [at[0], at[1] + down, at[2]]),
        (lambda p: p.T, [0, 1, 0, 1, 0, 0], lambda at, down, across: at),
    ],
    ids=["prone", "left to right", "back to front", "lying across"],
)
def test_right_stays_right_however_it_was_stored(turn, cosines, corner):
    found = turned(turn, cosines, corner)
    assert np.array_equal(found.hounsfield, VOLUME.hounsfield)
    assert found.geometry == VOLUME.geometry


def test_padding_and_each_slices_own_rescale():
    def change(dataset):
        pixels = np.frombuffer(dataset.PixelData, "<u2").copy()
        slope = 2 if int(dataset.InstanceNumber) % 2 else 1
        units = pixels.astype(int) - 1024
        dataset.RescaleSlope, dataset.RescaleIntercept = slope, -1024
        stored = ((units + 1024) // slope).astype("<u2")
        stored[0] = 65535
        dataset.PixelData = stored.tobytes()
        dataset.add_new(0x00280120, "US", 65535)

    found = volume_of(changed(change))
    assert (found.hounsfield[:, 0, 0] == PADDING_HU).all()
    inside = np.abs(found.hounsfield[:, 1:, 1:].astype(int) - VOLUME.hounsfield[:, 1:, 1:])
    assert inside.max() <= 1  # a slope of 2 keeps even values


def padded(values, **header):
    """The corner of each slice once the files hold these stored values in their first pixels."""

    def change(dataset):
        pixels = np.frombuffer(dataset.PixelData, "<u2").copy()
        pixels[: len(values)] = np.array(values, "<i4").astype("<u2")
        dataset.PixelData = pixels.tobytes()
        for name, value in header.items():
            if name == "PixelRepresentation":
                dataset.PixelRepresentation = value
            else:
                tag = {"PixelPaddingValue": 0x00280120, "PixelPaddingRangeLimit": 0x00280121}[name]
                dataset.add_new(tag, "SS" if value < 0 else "US", value)

    return volume_of(changed(change)).hounsfield[4, 0, : len(values)].tolist()


@pytest.mark.parametrize(
    ("values", "header", "expected"),
    [
        ((7, 8), {"PixelPaddingValue": 7}, [PADDING_HU, -1016]),
        ((7, 8, 9, 10), {"PixelPaddingValue": 7, "PixelPaddingRangeLimit": 9}, [PADDING_HU] * 3 + [-1014]),
        ((7, 8, 9, 10), {"PixelPaddingValue": 9, "PixelPaddingRangeLimit": 7}, [PADDING_HU] * 3 + [-1014]),
        ((-2000, 5), {"PixelPaddingValue": -2000, "PixelRepresentation": 1}, [PADDING_HU, -1019]),
        ((-2000, 5), {"PixelPaddingValue": 63536, "PixelRepresentation": 1}, [PADDING_HU, -1019]),
        ((63536, 5), {"PixelPaddingValue": -2000}, [PADDING_HU, -1019]),
        ((-2000, -976, -975), {"PixelRepresentation": 1}, [PADDING_HU, PADDING_HU, -1999]),
        ((0, 5), {"PixelPaddingRangeLimit": 5}, [-1024, -1019]),
    ],
    ids=["a value", "a range", "a range downwards", "negative", "unsigned for signed", "signed for unsigned",
         "by its Hounsfield units", "a limit without value"],
)  # fmt: skip
def test_what_was_not_measured_is_padding(values, header, expected):
    assert padded(values, **header) == expected


@pytest.mark.parametrize(("slope", "highest"), [("30.4", 31104), ("0.5", -496), ("-1", -1024)])
def test_slopes_of_any_kind_are_rounded_to_whole_units(slope, highest):
    found = volume_of(changed(lambda dataset: setattr(dataset, "RescaleSlope", slope)))
    assert found.hounsfield.max() == pytest.approx(highest, abs=700)
    plain = (VOLUME.hounsfield.astype(float) + 1024) * float(slope) - 1024
    assert np.array_equal(found.hounsfield, np.maximum(np.rint(plain), PADDING_HU))


def test_bits_above_those_that_count_are_not_read():
    def change(dataset):
        dataset.BitsStored, dataset.HighBit = 12, 11
        dataset.PixelData = (np.frombuffer(dataset.PixelData, "<u2") | 0x8000).astype("<u2").tobytes()

    assert np.array_equal(volume_of(changed(change)).hounsfield, VOLUME.hounsfield)


def test_twelve_bits_with_a_sign_and_eight_bits():
    def signed(dataset):
        stored = np.frombuffer(dataset.PixelData, "<u2").astype(int) - 1024
        dataset.PixelData = (stored & 0x0FFF).astype("<u2").tobytes()
        dataset.BitsStored, dataset.HighBit, dataset.PixelRepresentation, dataset.RescaleIntercept = 12, 11, 1, 0

    def short(dataset):
        stored = np.frombuffer(dataset.PixelData, "<u2") // 8
        dataset.PixelData = stored.astype("u1").tobytes()
        dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit, dataset.RescaleSlope = 8, 8, 7, 8

    assert np.array_equal(volume_of(changed(signed)).hounsfield, VOLUME.hounsfield)
    assert np.array_equal(volume_of(changed(short)).hounsfield, (VOLUME.hounsfield + 1024) // 8 * 8 - 1024)


def test_one_slice_that_cannot_be_decoded_is_named_by_its_place(tmp_path):
    files = recoded("JPEGLSLossless", tmp_path)
    dataset = dcmread(io.BytesIO(files[4]))
    frame = get_frame(dataset.PixelData, 0, number_of_frames=1)
    dataset.PixelData = encapsulate([frame[: len(frame) // 2]])
    out = io.BytesIO()
    dcmwrite(out, dataset, enforce_file_format=True)
    with pytest.raises(ScanRefused) as refused:
        volume_of([*files[:4], out.getvalue(), *files[5:]])
    (reason,) = refused.value.reasons
    assert (reason.code, reason.text) == ("SCAN-030", "The pixels of slice 8 cannot be decoded (RuntimeError).")


def test_geometry_survives_json_and_oblong_pixels_are_kept():
    found = volume_of(FILES).geometry
    assert found.spacing_mm == (20.0, 7.0, 7.5)
    assert msgspec.json.decode(msgspec.json.encode(found), type=Geometry) == found


def test_decoded_pixels_are_not_kept_a_second_time():
    series = choose_series(find_series(FILES))
    build_volume(series)
    assert not [each for each in series.slices if getattr(each.dataset, "_pixel_array", None) is not None]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda dataset: setattr(dataset, "RescaleSlope", "100"), "SCAN-033"),
        (lambda dataset: setattr(dataset, "RescaleSlope", "1e300"), "SCAN-033"),
        (lambda dataset: dataset.__delattr__("RescaleSlope"), "SCAN-032"),
        (lambda dataset: setattr(dataset, "PixelData", dataset.PixelData[:100]), "SCAN-030"),
    ],
    ids=["beyond 16 bits", "beyond all", "no rescale", "pixels cut short"],
)
def test_what_cannot_become_hounsfield_units_is_refused(change, code):
    with pytest.raises(ScanRefused) as refused:
        volume_of(changed(change))
    assert [reason.code for reason in refused.value.reasons] == [code]


@pytest.mark.parametrize(
    ("place", "move", "code"),
    [
        (slice(None), lambda n, at: [at[0] + 3.0 * n, at[1], at[2]], "SCAN-019"),
        (slice(None), lambda n, at: [at[0], at[1], at[2] + (4.0 if n > 5 else 0.0)], "SCAN-020"),
    ],
    ids=["sheared", "a wider gap"],
)
def test_a_stack_that_is_none_is_refused(place, move, code):
    moved = []
    for n, content in enumerate(FILES):
        dataset = dcmread(io.BytesIO(content))
        dataset.ImagePositionPatient = move(n, [float(each) for each in dataset.ImagePositionPatient])
        out = io.BytesIO()
        dcmwrite(out, dataset, enforce_file_format=True)
        moved.append(out.getvalue())
    with pytest.raises(ScanRefused) as refused:
        choose_series(find_series(moved[place]))
    assert code in [reason.code for reason in refused.value.reasons]


@pytest.mark.skipif(not CT.is_dir(), reason="the real chest CT (../shared/ct) is not here")
def test_real_scan_equals_plain_numpy():
    files = [path.read_bytes() for path in (CT / "b70f").glob("*.dcm")]
    datasets = sorted((dcmread(io.BytesIO(each)) for each in files), key=lambda each: -each.ImagePositionPatient[2])
    plain = np.stack([each.pixel_array * float(each.RescaleSlope) + float(each.RescaleIntercept) for each in datasets])
    found = volume_of(files)
    assert np.array_equal(found.hounsfield, np.maximum(np.rint(plain), PADDING_HU))
    assert found.hounsfield.sum(dtype=np.int64) == int(plain.sum())
    both = find_series([path.read_bytes() for path in CT.glob("b*/*.dcm")])
    assert sorted(series.kernel for series in both) == ["B40f", "B70f"]
    assert choose_series(both) is None
    assert choose_series(both, ("B70*",)).kernel == "B70f"
