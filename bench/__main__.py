"""`make bench`: how fast log, site, viewer and exact tests are, beside peers; printed and in out/bench.json.

Ends with an error when an exact test and a peer do not give the same answer.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from bench import append, exact_tests, fold, scans, temperature, verify, viewer, web
from bench.measure import Measured, Ratio, Result, describe_machine, read_load

OUT = Path("out") / "bench.json"
BENCHES = {
    "verify": lambda folder, part: verify.run(folder, (100_000 // part, 1_000_000 // part)),
    "append": lambda folder, part: append.run(folder, 2_000 // part),
    "fold": lambda folder, part: fold.run(folder, (10_000 // part, 100_000 // part, 1_000_000 // part)),
    "web_save": lambda folder, part: web.run_saves(folder, 100 // part),
    "subject_page": lambda folder, part: web.run_pages(folder, 100 // part, (7, 100, 1_000)),
    "temperature": lambda folder, part: temperature.run(folder, 1_000_000 // part),
    "scans": lambda folder, part: scans.run(folder, 300 // part),
    "viewer": lambda folder, part: viewer.run(folder, 600 // part),
    "exact": lambda folder, part: exact_tests.run(folder, quick=part > 1),
}


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--only", choices=(*BENCHES, "load"), help="run one of them")
    parser.add_argument("--quick", action="store_true", help="a tenth of the size")
    parser.add_argument("--seconds", type=float, default=60, help="how long fifty people work, with --only load")
    asked = parser.parse_args(arguments)
    benches = BENCHES | {"load": lambda folder, part: web.run_load_everywhere(folder, asked.seconds / part)}
    machine, load = describe_machine(), read_load()
    print_machine(machine, load)
    found, loads = [], {"before": load}
    for name in [asked.only] if asked.only else benches:
        with tempfile.TemporaryDirectory(prefix="firstbreath-bench-") as folder:
            measured = benches[name](Path(folder), 10 if asked.quick else 1)
        found.append(measured)
        loads[f"after {name}"] = read_load()
        print_measured(measured)
    write_report(machine, loads, found)
    if any(measured.wrong for measured in found):
        sys.exit("\n".join(line for measured in found for line in measured.wrong))


def print_machine(machine: dict[str, object], load: float | None) -> None:
    print(", ".join(f"{name} {value}" for name, value in machine.items()))
    if load is None:
        print("The system does not say how loaded it is.")
    elif load > 0.5:
        print(f"LOADED: {load} processes want a core already. The figures below are lower than on a quiet machine.")
    else:
        print(f"Load {load}: quiet.")
    print()


def print_measured(measured: Measured) -> None:
    if measured.lines:
        print("\n".join(measured.lines))
    else:
        print_results(measured.results, measured.ratios)
    print()


def print_results(results: Sequence[Result], ratios: Sequence[Ratio]) -> None:
    print(f"{'what':<48}{'runs':>5}{'per second':>14}{'CPU us each':>13}  target")
    for result in results:
        met = "" if result.target is None else f"{result.target:,.0f} {judge(result)}"
        print(f"{result.name:<48}{len(result.runs):>5}{result.per_second:>14,.0f}{result.cpu_us:>13.2f}  {met}")
    for ratio in ratios:
        print(f"{ratio.name:<53}{ratio.value:>14.2f}{'':13}  {ratio.meaning}")


def judge(result: Result) -> str:
    return "met" if result.target is not None and result.per_second >= result.target else "MISSED"


def write_report(machine: dict[str, object], loads: dict[str, float | None], found: Sequence[Measured]) -> None:
    report = {
        "machine": machine,
        "load": loads,
        "results": [describe_result(result) for measured in found for result in measured.results],
        "ratios": [
            {"name": ratio.name, "value": round(ratio.value, 3), "meaning": ratio.meaning}
            for measured in found
            for ratio in measured.ratios
        ],
        "answers": [answer for measured in found for answer in measured.answers],
        "disagreements": [line for measured in found for line in measured.wrong],
    }
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps(report, indent=1))
    print(f"Written to {OUT}.")


def describe_result(result: Result) -> dict[str, object]:
    return {
        "name": result.name,
        "unit": result.unit,
        "count": result.count,
        "per_second": round(result.per_second, 3 if result.per_second < 100 else None),
        "cpu_us": round(result.cpu_us, 3),
        "wall_s": [round(run.wall_s, 4) for run in result.runs],
        "target_per_second": result.target,
    }


if __name__ == "__main__":
    main()
