"""What must hold of the schedule: the grid can be read, agrees with the doses, and visits do not overlap."""

from collections.abc import Iterator

from firstbreath.protocol.check_ids import ACTIVITIES
from firstbreath.protocol.complaints import Complaint, enumerate_days, undeclared
from firstbreath.protocol.findings import show
from firstbreath.protocol.schedule import parse_grid
from firstbreath.protocol.values import Protocol

FILE = "protocol.toml"
GRID = ("schedule", "grid")


def check_schedule(protocol: Protocol) -> Iterator[Complaint]:
    """The grid has declared visits and activities, and its inhalation columns are the dose days."""
    grid = protocol.design.schedule.grid
    visits, cells, wrong = parse_grid(grid)
    for line, message in wrong:
        fix = "Name the visits after a | in the first line; then one mark, X, O or a point, for each."
        yield Complaint(FILE, (*GRID, line), "PROT-040", f"Schedule: {show(message)}", fix)
    lines = _line_of_activity(grid)
    declared = {visit.id for visit in protocol.design.visits}
    for visit in dict.fromkeys(visits):
        yield from undeclared(FILE, (*GRID, 0), visit, declared)
    activities = ACTIVITIES | {form.id for form in protocol.forms}
    for activity in dict.fromkeys(cell.activity for cell in cells):
        yield from undeclared(FILE, (*GRID, lines[activity]), activity, activities)
    drawn = {cell.visit for cell in cells if cell.activity == "inhalation"}
    yield from _check_dose_days(protocol, drawn)


def _line_of_activity(grid: str) -> dict[str, int]:
    return {line.partition("|")[0].strip(): number for number, line in enumerate(grid.split("\n"))}


def _check_dose_days(protocol: Protocol, drawn: set[str]) -> Iterator[Complaint]:
    """Each dose falls on drawn days, and each drawn day has a dose."""
    design = protocol.design
    dayless = [visit.id for visit in design.visits if visit.id in drawn and visit.day is None]
    for visit in dayless:
        what = f'Inhalation is drawn at "{visit}", which has no day.'
        yield Complaint(FILE, GRID, "PROT-041", what, 'Give the visit a "day".')
    days = {visit.day for visit in design.visits if visit.id in drawn and visit.day is not None}
    for n, dose in enumerate(design.doses):
        if not set(dose.days) <= days:
            what = (
                f'Dose "{dose.id}" is given on days {enumerate_days(dose.days)}, '
                f"the grid draws inhalation on {enumerate_days(days)}."
            )
            yield Complaint(FILE, ("doses", n, "days"), "PROT-042", what, "Make the two agree.")
    idle = days - {day for dose in design.doses for day in dose.days}
    if idle:
        what = f"The grid draws inhalation on {enumerate_days(idle)}, when no dose is given."
        yield Complaint(FILE, GRID, "PROT-045", what, "Make the two agree.")


def check_windows(protocol: Protocol) -> Iterator[Complaint]:
    """Visit windows contain their day and do not overlap."""
    latest: tuple[int, str] | None = None
    visits = protocol.design.visits
    dated = sorted((visit.day, n) for n, visit in enumerate(visits) if visit.day is not None)
    for day, n in dated:
        visit, place = visits[n], ("visits", n)
        early, late = visit.window
        if early > 0 or late < 0:
            what = f'Visit "{visit.id}" has the window {early} to {late}, which leaves out its own day.'
            yield Complaint(FILE, place, "PROT-043", what, "Write a window such as [-1, 2].")
        if latest and day + early <= latest[0]:
            what = f'Visit "{visit.id}" begins on day {day + early}, within the window of "{latest[1]}".'
            yield Complaint(FILE, place, "PROT-044", what, "Make the windows disjoint.")
        latest = max(latest or (day + late, visit.id), (day + late, visit.id))
