"""A CT of 300 slices taken in, beside plain pydicom and SimpleITK reading the same folder; each in its own process.

Ours opens the files without trust, looks for gaps, tilt and doubles, rescales each slice by its own values and turns
the stack upright; the others decode. A second figure adds the scrubbed archive copy and the slices for the viewer.
"""

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from bench.measure import Measured, Ratio, Result, Timing

ROWS = 512
OURS = """
from firstbreath.reading.decode import build_volume
from firstbreath.reading.series import choose_series, find_series
from firstbreath.reading.upload import read_upload
upload = read_upload((path.name, path.open("rb")) for path in sorted(folder.glob("*.dcm")))
series = choose_series(find_series(upload.files))
volume = build_volume(series).hounsfield
"""
KEPT = (
    OURS
    + """
import hashlib, hmac
from firstbreath.reading.decode import build_volume
from firstbreath.reading.keeping import keep_stack, render_archive
secret = lambda text: hmac.digest(b"bench", text.encode(), "sha256")
render_archive(series, subject="S1", time_point="before", trial="BENCH", hashed=secret)
keep_stack(build_volume(series), lambda content: hashlib.sha256(content).hexdigest())
"""
)
PYDICOM = """
import numpy
from pydicom import dcmread
slices = [dcmread(path) for path in folder.glob("*.dcm")]
slices.sort(key=lambda each: -each.ImagePositionPatient[2])
volume = numpy.stack([each.pixel_array * float(each.RescaleSlope) + float(each.RescaleIntercept) for each in slices])
"""
SIMPLEITK = """
import SimpleITK
names = SimpleITK.ImageSeriesReader.GetGDCMSeriesFileNames(str(folder))
volume = SimpleITK.GetArrayFromImage(SimpleITK.ReadImage(names))
"""
PROGRAMS = {
    "firstbreath: checked and upright": OURS,
    "firstbreath: and scrubbed, kept for the viewer": KEPT,
    "pydicom: decoded and sorted": PYDICOM,
    "SimpleITK: series read": SIMPLEITK,
}
BEFORE = "import sys\nfrom pathlib import Path\nfrom bench.scans import told\nfolder = Path(sys.argv[1])\n"
AFTER = "\ntold(volume)\n"


def told(volume: object) -> None:
    """What a program found, and what it took."""
    import resource

    import numpy as np

    used = resource.getrusage(resource.RUSAGE_SELF)
    found = {"slices": len(volume), "mean_hu": round(float(np.mean(volume)), 6), "peak_mb": used.ru_maxrss / 1024}
    print(json.dumps(found | {"cpu_s": used.ru_utime + used.ru_stime}))


def write_folder(folder: Path, slices: int) -> None:
    """A generated chest of 512 by 512, as a scanner would write it."""
    from firstbreath.reading.phantom import Lesion, build_phantom, render_phantom

    volume = build_phantom([Lesion("R1", 30)], shape=(slices, ROWS, ROWS), spacing_mm=(1.0, 0.7, 0.7))
    for number, content in enumerate(render_phantom(volume, "bench")):
        (folder / f"{number:04}.dcm").write_bytes(content)


def name_of(result: Result) -> str:
    """The program's name alone."""
    return result.name.partition(":")[0]


def run(folder: Path, slices: int, times: int = 3) -> Measured:
    """All programs on the same folder; they must find the same number of slices and the same mean."""
    write_folder(folder, slices)
    results, peaks, answers = [], [], set()
    for name, program in PROGRAMS.items():
        runs, found = [], {}
        for _ in range(times):
            begun = datetime.now(UTC)
            command = [sys.executable, "-c", BEFORE + program + AFTER, str(folder)]
            ran = subprocess.run(command, capture_output=True, text=True, check=True)
            found = json.loads(ran.stdout)
            runs.append(Timing((datetime.now(UTC) - begun).total_seconds(), found["cpu_s"]))
        results.append(Result(name, "slices", slices, tuple(runs)))
        peaks.append(Ratio(f"peak MB, {name}", found["peak_mb"]))
        answers.add((found["slices"], found["mean_hu"]))
    ratios = [
        Ratio(f"slices a second over {name_of(other)}", results[0].per_second / other.per_second, "1 or more is faster")
        for other in results[2:]
    ]
    wrong = () if len(answers) == 1 else (f"they do not agree: {sorted(answers)}",)
    return Measured(tuple(results), tuple(peaks + ratios), wrong=wrong)
