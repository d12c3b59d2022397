"""What must hold of doses, arms, consent and gates: each can be carried out."""

from collections.abc import Iterator

from firstbreath.protocol.complaints import Complaint
from firstbreath.protocol.values import Dose, Protocol
from firstbreath.protocol.zones import find_zone

FILE = "protocol.toml"


def check_zones(protocol: Protocol) -> Iterator[Complaint]:
    """Days at each site are told in a zone that exists."""
    trial = protocol.design.trial
    place = ("trial", "time_zones")
    for name in trial.time_zones:
        if find_zone(name) is None:
            what = f'"{name}" is no time zone.'
            yield Complaint(FILE, place, "PROT-099", what, 'Write a name such as "Asia/Shanghai", or "UTC".')
    if len(trial.time_zones) not in (0, 1, len(trial.sites)):
        what = f"There are {len(trial.time_zones)} time zones for {len(trial.sites)} sites."
        yield Complaint(FILE, place, "PROT-100", what, "Write one for all sites, or one for each.")


def check_doses(protocol: Protocol) -> Iterator[Complaint]:
    """Amounts are above zero; days count from 1, each once, in order."""
    for n, dose in enumerate(protocol.design.doses):
        for name, number in (("amount", dose.amount), ("volume_ml", dose.volume_ml), ("minutes", dose.minutes)):
            if number is not None and number <= 0:
                what = f'Dose "{dose.id}" has {name} = {number}.'
                yield Complaint(FILE, ("doses", n, name), "PROT-036", what, "Write a number above zero.")
        if wrong := _wrong_days(dose):
            what = f'Dose "{dose.id}" is given on days {", ".join(map(str, dose.days)) or "none"}: {wrong}.'
            fix = "Write each trial day once, in order; the first dose is on day 1."
            yield Complaint(FILE, ("doses", n, "days"), "PROT-037", what, fix)


def _wrong_days(dose: Dose) -> str:
    if not dose.days:
        return "there is no day"
    if min(dose.days) < 1:
        return "trial days begin with 1"
    return "" if list(dose.days) == sorted(set(dose.days)) else "days are not in order, or one stands twice"


def check_arms(protocol: Protocol) -> Iterator[Complaint]:
    """There is an arm, and the arms hold as many subjects as the trial plans."""
    design = protocol.design
    if not design.arms:
        yield Complaint(FILE, ("arms",), "PROT-056", "There is no arm to be enrolled in.", "Add an arm.")
    sizes = [arm.subjects for arm in design.arms if arm.subjects is not None]
    planned = design.trial.subjects_planned
    if design.arms and len(sizes) == len(design.arms) and planned is not None and sum(sizes) != planned:
        what = f"The arms hold {sum(sizes)} subjects, the trial plans {planned}."
        yield Complaint(FILE, ("trial", "subjects_planned"), "PROT-055", what, "Make the two agree.")


def check_consent(protocol: Protocol) -> Iterator[Complaint]:
    """Somebody may consent."""
    if not protocol.design.consent.given_by:
        what = "Nobody may give consent."
        yield Complaint(FILE, ("consent", "given_by"), "PROT-054", what, 'Write for instance ["patient"].')


def check_gates(protocol: Protocol) -> Iterator[Complaint]:
    """Every gate asks something, and groups guard enrolment only."""
    for n, gate in enumerate(protocol.design.gates):
        if not gate.rule and not gate.groups:
            what = f'Gate "{gate.id}" asks nothing.'
            yield Complaint(FILE, ("gates", n), "PROT-052", what, 'Add "rule" or "groups".')
        if gate.groups and gate.guards != "enrol_subject":
            what = f'Gate "{gate.id}" has groups and guards {gate.guards}.'
            fix = "Groups belong to gates that guard enrol_subject."
            yield Complaint(FILE, ("gates", n, "groups"), "PROT-053", what, fix)
