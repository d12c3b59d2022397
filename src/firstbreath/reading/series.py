"""From DICOM files to the series that is read: what belongs together, in which order, and what stands against it."""

from __future__ import annotations

import fnmatch
import hashlib
import math
from collections.abc import Iterable, Sequence
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING

import msgspec

from firstbreath.events.decisions import Reason
from firstbreath.reading.against import LEVEL, against_kind, against_stack, normal_of
from firstbreath.reading.refused import ScanRefused, refuse
from firstbreath.reading.stated import Stated, parse_dataset, parse_stated, patient_of
from firstbreath.reading.told import Told, counted, untold

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

SAME_PLACE_MM = 0.01
NO_SCAN, NO_PLACE = ("SCAN-012", "SCAN-014"), "SCAN-013"
"""Reasons after which it does not matter, or cannot be told, how the slices lie."""


class Slice(msgspec.Struct, frozen=True, eq=False):
    """A slice, what it states of itself, and its place along the normal, mm towards the head."""

    dataset: Dataset
    stated: Stated
    place_mm: float = 0.0


class Series(msgspec.Struct, frozen=True, eq=False):
    """Slices of one series, one orientation, one kernel, from head to foot; `against` says why they are not read."""

    key: str
    kernel: str
    slices: tuple[Slice, ...]
    between_mm: float
    against: tuple[Reason, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """The series in a few words, without anybody's name."""
        thick = self.slices[0].stated.thickness if self.slices else math.nan
        parts = [f"{len(self.slices)} slices", f"{self.between_mm:g} mm apart" if self.between_mm else ""]
        parts += [f"{thick:g} mm thick" if thick > 0 else "", f"kernel {self.kernel}" if self.kernel else ""]
        return ", ".join(part for part in parts if part)


def find_series(files: Iterable[bytes], told: Told = untold) -> tuple[Series, ...]:
    """Every series among DICOM files, in the order in which they came.

    told  of each file
    Raises `ScanRefused` when a file cannot be read, or the files are of two patients.
    """
    datasets = [parse_dataset(content, number) for number, content in enumerate(counted([*files], told), 1)]
    _check_patient(datasets)
    alike: dict[tuple[object, ...], list[list[Slice]]] = {}
    for dataset in datasets:
        stated = parse_stated(dataset)
        stacks = alike.setdefault(_same(stated), [])
        turned = next((stack for stack in stacks if _is_parallel(stack[0].stated, stated)), None)
        if turned is None:
            stacks.append(turned := [])
        turned.append(Slice(dataset, stated))
    return tuple(series for stacks in alike.values() for series in _without_mixture([*map(_series, stacks)]))


def choose_series(found: Sequence[Series], kernels: Sequence[str] = ()) -> Series | None:
    """The series that is read: the only usable one, or the usable one of the kernel preferred; None: somebody chooses.

    kernels  patterns such as B70*, the preferred first; one fits a whole kernel or its first part
    Raises `ScanRefused` when none is usable, with what stands against each.
    """
    usable = [series for series in found if not series.against]
    if not usable:
        raise ScanRefused(*dict.fromkeys(reason for series in found for reason in series.against))
    if len(usable) == 1:
        return usable[0]
    for kernel in kernels:
        fitting = [series for series in usable if _fits(series.kernel.upper(), kernel.upper())]
        if fitting:
            return fitting[0] if len(fitting) == 1 else None
    return None


def _fits(kernel: str, pattern: str) -> bool:
    return any(fnmatch.fnmatchcase(each, pattern) for each in (kernel, kernel.partition("/")[0]))


def _check_patient(datasets: Sequence[Dataset]) -> None:
    """Refuse files that state two numbers or two names of patients; a slice that states none is nobody else's."""
    for stated in zip(*map(patient_of, datasets), strict=True):
        several = len({*stated} - {""})
        if several > 1:
            raise refuse(
                "SCAN-010", f"The files are of {several} patients.", "Send the scan of one patient; nothing was kept."
            )


def _same(stated: Stated) -> tuple[object, ...]:
    """What slices of one stack have in common, but for how they are turned."""
    return stated.series, stated.kernel, stated.sop_class, stated.samples, stated.kinds[2:3]


def _is_parallel(one: Stated, other: Stated) -> bool:
    if len(one.orientation) != len(other.orientation):
        return False
    return all(abs(a - b) <= LEVEL for a, b in zip(one.orientation, other.orientation, strict=True))


def _without_mixture(stacks: Sequence[Series]) -> Sequence[Series]:
    """The stacks of one series; when several could be the scan, none of them is the whole."""
    scans = [stack for stack in stacks if not any(reason.code in NO_SCAN for reason in stack.against)]
    if len(scans) < 2:
        return stacks
    text = f"The slices of one series are turned in {len(scans)} ways."
    mixed = Reason("SCAN-024", text, "Send one reconstruction.")
    return [msgspec.structs.replace(stack, against=(mixed, *stack.against)) for stack in stacks]


def _series(group: Sequence[Slice]) -> Series:
    first = group[0].stated
    told = repr((_same(first), first.orientation)).encode()
    series = Series(hashlib.sha256(told).hexdigest()[:12], first.kernel, tuple(group), 0.0)
    against = against_kind([each.stated for each in group])
    if any(reason.code in (*NO_SCAN, NO_PLACE) for reason in against):
        return msgspec.structs.replace(series, against=tuple(against))
    normal = normal_of(first)
    placed = [msgspec.structs.replace(each, place_mm=_place(each.stated, normal)) for each in group]
    kept, notes, doubled = _without_doubles(sorted(placed, key=lambda each: -each.place_mm))
    gaps = [early.place_mm - late.place_mm for early, late in pairwise(kept)]
    typical = median(gaps) if gaps else 0.0
    against += [*doubled, *against_stack([each.stated for each in kept], normal, typical)]
    between = typical if against or not gaps else sum(gaps) / len(gaps)
    return msgspec.structs.replace(
        series, slices=tuple(kept), between_mm=round(between, 4), against=tuple(against), notes=tuple(notes)
    )


def _place(stated: Stated, normal: Sequence[float]) -> float:
    return math.fsum(one * other for one, other in zip(stated.position, normal, strict=True))


def _without_doubles(slices: Sequence[Slice]) -> tuple[list[Slice], list[str], list[Reason]]:
    """Slices at one place: the same pixels count once, others cannot be told apart."""
    kept: list[Slice] = []
    same, other = 0, 0
    for each in slices:
        if kept and kept[-1].place_mm - each.place_mm < SAME_PLACE_MM:
            equal = _is_same(kept[-1], each)
            same, other = same + equal, other + (not equal)
            continue
        kept.append(each)
    notes = [f"{same} slices were sent twice, and count once"] if same else []
    text = f"{other} slices lie where another does, with other pixels."
    against = [Reason("SCAN-015", text, "Two reconstructions are mixed: send one.")] if other else []
    return kept, notes, against


def _is_same(one: Slice, other: Slice) -> bool:
    """Whether two slices state the same and hold the same pixels."""
    return one.stated == other.stated and bool(one.dataset.PixelData == other.dataset.PixelData)
