"""The lung by threshold on a chest of known geometry, what it misses by design, and the bands inside it."""

import math
from pathlib import Path

import numpy as np
import pytest

from firstbreath.reading.bands import BANDS, compare_bands, compute_bands
from firstbreath.reading.decode import build_volume
from firstbreath.reading.lung_mask import threshold_mask
from firstbreath.reading.phantom import CONSOLIDATION_HU, LUNG_MM, Lesion, build_phantom
from firstbreath.reading.series import find_series

CT = Path(__file__).parents[4] / "shared" / "ct"
LUNGS_ML = 2 * 4 / 3 * math.pi * math.prod(LUNG_MM) / 1000
FINE = {"shape": (70, 128, 128), "spacing_mm": (4.0, 2.7, 2.7)}


def mask_of(*lesions):
    volume = build_phantom(lesions, **FINE)
    return volume, threshold_mask(volume)


def test_both_lungs_are_found_with_their_volume():
    _, mask = mask_of()
    assert mask.volume_ml == pytest.approx(LUNGS_ML, rel=0.03)
    assert mask.doubts == ()
    assert mask.inside[:, :, :64].any()
    assert mask.inside[:, :, 64:].any()


def test_sphere_inside_is_filled_and_counted_in_its_band():
    lesion = Lesion("R6", 40, CONSOLIDATION_HU)
    volume, mask = mask_of(lesion)
    assert mask.volume_ml == pytest.approx(LUNGS_ML, rel=0.03)
    bands = compute_bands(volume, mask)
    assert bands["none"] == pytest.approx(lesion.volume_ml, rel=0.1)
    assert bands["normal"] == pytest.approx(LUNGS_ML - lesion.volume_ml, rel=0.05)


def test_dense_lung_at_the_wall_is_left_out():
    """The failure that makes these volumes exploratory: disease at the pleura is taken for the wall."""
    volume, whole = mask_of()
    ill = volume.hounsfield.copy()
    posterior = np.zeros_like(whole.inside)
    posterior[:, 64:, :] = True
    ill[whole.inside & posterior] = CONSOLIDATION_HU
    import msgspec

    mask = threshold_mask(msgspec.structs.replace(volume, hounsfield=ill))
    assert mask.volume_ml < 0.75 * whole.volume_ml


def test_nothing_but_body_is_no_lung():
    volume, _ = mask_of()
    import msgspec

    solid = msgspec.structs.replace(volume, hounsfield=np.full_like(volume.hounsfield, 40))
    mask = threshold_mask(solid)
    assert mask.volume_ml == 0
    assert mask.doubts == ("No lung was found.",)


def naive_inside(volume):
    """The same lung the long way: the air that reaches no border, its two largest parts, whole slices closed."""
    from scipy import ndimage

    air = volume.hounsfield < -400
    edge = np.ones_like(air)
    edge[:, 1:-1, 1:-1] = False
    inner = air & ~ndimage.binary_propagation(edge & air, mask=air)
    labels, _ = ndimage.label(inner)
    sizes = np.bincount(labels.ravel())
    sizes[0] = 0
    large = [n for n in np.argsort(sizes)[::-1][:2] if sizes[n] * volume.geometry.voxel_ml >= 100]
    return np.stack([naive_closed(each, volume.geometry.spacing_mm[1:]) for each in np.isin(labels, large)])


def naive_closed(flat, spacing):
    from scipy import ndimage

    wide = np.pad(flat, 12)
    grown = ndimage.distance_transform_edt(~wide, sampling=spacing) <= 8
    closed = ndimage.distance_transform_edt(grown, sampling=spacing) > 8
    return ndimage.binary_fill_holes((closed | wide)[12:-12, 12:-12]) if flat.any() else flat


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_lung_is_the_same_the_long_way(seed):
    import msgspec

    rng = np.random.default_rng(seed)
    volume, _ = mask_of(Lesion("R6", 40, CONSOLIDATION_HU), Lesion("L3", 30, CONSOLIDATION_HU))
    units = volume.hounsfield.copy()
    units[rng.random(units.shape) < 0.2] = 40
    units[:, 20:30, :64] = -900  # a way out of the right lung
    holed = msgspec.structs.replace(volume, hounsfield=units)
    assert threshold_mask(holed).inside.any()
    assert np.array_equal(threshold_mask(holed).inside, naive_inside(holed))


def test_each_slice_is_told_once_it_is_closed():
    told = []
    volume, _ = mask_of()
    threshold_mask(volume, lambda done, of: told.append((done, of)))
    assert told == [(n, 70) for n in range(1, 71)]


def test_bands_are_compared_only_where_the_masks_are():
    before = dict.fromkeys((band.id for band in BANDS), 100.0)
    after = before | {"none": 40.0}
    near = {each.band.id: each for each in compare_bands(before, after, masks_ml=(4000, 4500))}
    assert near["none"].change_ml == -60
    far = compare_bands(before, after, masks_ml=(4000, 5000))
    assert {each.change_ml for each in far} == {None}
    assert far[0].why == "The masks differ by 25%, more than 15%."


@pytest.mark.skipif(not CT.is_dir(), reason="the real chest CT (../shared/ct) is not here")
def test_real_scan_has_two_lungs_of_a_usual_volume():
    files = [path.read_bytes() for path in sorted((CT / "b40f").glob("*.dcm"))]
    mask = threshold_mask(build_volume(find_series(files)[0]))
    assert 2_000 < mask.volume_ml < 7_000
    half = mask.inside.shape[2] // 2
    assert mask.inside[:, :, :half].sum() > 0.2 * mask.inside.sum()
    assert mask.inside[:, :, half:].sum() > 0.2 * mask.inside.sum()
