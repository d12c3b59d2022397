"""Every slice that the viewer shows is checked, not their list alone."""

import shutil
from collections import Counter
from pathlib import Path

import pytest

from firstbreath.cli.study import Study
from firstbreath.cli.verify import verify_study
from firstbreath.events.kinds import ScanFiled
from firstbreath.reading.stored import decode_stored
from firstbreath.trial.fold import read_events


@pytest.fixture
def study(simulated: Path, tmp_path: Path) -> Study:
    shutil.copytree(simulated, tmp_path / "study")
    return Study(tmp_path / "study", database="")


def slices_of(study, scan):
    return decode_stored(study.blobs.get(scan.subject, scan.body.slices_file)).slices


def test_a_slice_that_is_missing_or_changed_is_found(study):
    whole = verify_study(study)
    assert whole.holds
    scans = [event for event in read_events(study.store) if isinstance(event.body, ScanFiled)]
    count = Counter(name for scan in scans for name in slices_of(study, scan))
    first = slices_of(study, scans[0])
    changed, gone = [next(study.blobs.folder.rglob(name)) for name in first if count[name] == 1][:2]
    for file in (changed, gone):
        file.chmod(0o644)
    changed.write_bytes(changed.read_bytes()[:-1] + b"x")
    gone.unlink()
    found = verify_study(study)
    text = f"record {scans[0].seq}: 2 of {len(first)} slices of its scan are missing or were changed"
    assert (found.broken, found.files) == ((text,), whole.files)


def test_a_key_that_is_not_here_is_said_and_breaks_nothing(study):
    for key in (study.folder / "keys" / "subjects").iterdir():
        key.unlink()
    found = verify_study(study)
    assert found.holds
    assert "slices of 7 subjects' scans were not checked: their keys are not here" in found.remarks
