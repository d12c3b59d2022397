"""How a scan is taken in, wherever it comes from: asked first, names removed, kept, written down; or refused whole."""

from collections.abc import Callable
from functools import partial
from typing import Any

import msgspec
from django.http import HttpRequest

from firstbreath.events.decisions import Reason, Refused
from firstbreath.reading.burned_in import burned_in_risk
from firstbreath.reading.commands import FileScan
from firstbreath.reading.decode import build_volume
from firstbreath.reading.keeping import keep_stack, render_archive, trial_named
from firstbreath.reading.refused import ScanRefused
from firstbreath.reading.scrub_pixels import ScrubRefused
from firstbreath.reading.series import Series, choose_series
from firstbreath.trial.decide import Asked, decide
from firstbreath.web.act import REFUSED, Outcome, perform
from firstbreath.web.clock import now_of
from firstbreath.web.identity import identity_of
from firstbreath.web.moment import Moment
from firstbreath.web.product.pages import protocol_of
from firstbreath.web.progress import tell_of
from firstbreath.web.reading.looking import blobs_of, charter_of
from firstbreath.web.reading.scans import SEEDS


class Sent(msgspec.Struct, frozen=True, eq=False):
    """What was sent: its series, what was left out, and the SHA-256 of all of it."""

    series: tuple[Series, ...]
    left_out: dict[str, int]
    digest: str


class Place(msgspec.Struct, frozen=True):
    """Whose scan it is, of which visit, and on which page it was filed."""

    subject: str
    visit: str
    form: str = "scan"

    @classmethod
    def of(cls, request: HttpRequest, form: str = "scan") -> "Place":
        """What a form says."""
        return cls(request.POST.get("subject", "").strip(), request.POST.get("visit", "").strip(), form)


class Choice(msgspec.Struct, frozen=True):
    """A series that could be read: the kept file of its archive copy, and what it is in words."""

    name: str
    words: str


class Taken(msgspec.Struct, frozen=True):
    """What came of it: the name of the scan, or the series that somebody chooses from, or why it was refused."""

    scan: str = ""
    choices: tuple[Choice, ...] = ()
    digest: str = ""
    reasons: tuple[Reason, ...] = ()
    status: int = 200


def take_in(request: HttpRequest, moment: Moment, place: Place, *, read: Callable[[], Sent]) -> Taken:
    """A scan taken in; nothing is read before it is sure that it may be filed, or kept before it can be.

    read  gives what was sent; may raise `ScanRefused`
    """
    wrong = _against(request, moment, place)
    if wrong:
        before = _filed_before(request, moment, place)
        return Taken(scan=before) if before else Taken(reasons=wrong, status=REFUSED)
    try:
        sent = read()
        chosen = choose_series(sent.series, charter_of(moment).kernels)
        if chosen is None:
            return Taken(choices=_keep_choices(request, moment, sent, place=place), digest=sent.digest)
        outcome = _file(request, moment, sent, series=chosen, place=place)
    except ScanRefused as refused:
        return Taken(reasons=refused.reasons, status=REFUSED)
    except ScrubRefused as refused:
        why = Reason("SCAN-040", f"What names the patient cannot be removed safely: {refused}", "Send the CT series.")
        return Taken(reasons=(why,), status=REFUSED)
    scan = getattr(outcome.events[0].body, "scan", "") if outcome.events else ""
    return Taken(scan=scan, reasons=outcome.reasons, status=outcome.status)


def _against(request: HttpRequest, moment: Moment, place: Place) -> tuple[Reason, ...]:
    """Why a scan could not be filed here, asked before anything is read."""
    identity = identity_of(request)
    command = _command(place, archive="", slices_file="", digest="", slices=1, rows=1, columns=1)
    site = getattr(moment.now.subjects.get(place.subject), "site", "")
    role = identity.role_for("file_scan", site) if identity else ""
    asked = Asked(identity.account.id if identity else "", role, at=now_of(request))
    decision = decide(moment.now, command, asked)
    return decision.reasons if isinstance(decision, Refused) else ()


def _filed_before(request: HttpRequest, moment: Moment, place: Place) -> str:
    """The scan that this very form filed when it was sent before, and its answer was lost on the way."""
    identity, sent = identity_of(request), request.POST.get("request_id", "")
    for scan in moment.now.reading.of_subject(place.subject, place.visit):
        filed = scan.filed
        if identity and sent and filed.actor == identity.account.id and filed.request.partition("#")[0] == sent:
            return scan.body.scan
    return ""


def _command(place: Place, **facts: Any) -> FileScan:
    told = {"subject": place.subject, "visit": place.visit, "spacing_mm": (1.0, 1.0, 1.0)}
    return FileScan(**(told | facts))


def _file(request: HttpRequest, moment: Moment, sent: Sent, *, series: Series, place: Place) -> Outcome:
    """Keep a scan and write it down."""
    tell, put = tell_of(request), partial(blobs_of(request).put, place.subject)
    volume = build_volume(series, partial(tell, "decode"))
    archive = _archive(request, moment, series, place=place)
    shape = volume.geometry
    tell("keep", 0, shape.slices)
    command = _command(
        place,
        archive=put(archive),
        slices_file=keep_stack(volume, put, partial(tell, "keep")),
        digest=sent.digest,
        slices=shape.slices,
        rows=shape.rows,
        columns=shape.columns,
        spacing_mm=shape.spacing_mm,
        kernel=series.kernel,
        flags=flags_of(series),
        left_out=sent.left_out | {f"another series: {each.words}": 1 for each in sent.series if each is not series},
    )
    return perform(request, command, form=place.form)


def flags_of(series: Series) -> tuple[str, ...]:
    """What a person has to look at: each once, however many slices show it."""
    risks = dict.fromkeys(risk for each in series.slices for risk in burned_in_risk(each.dataset))
    return (*series.notes, *risks)[:20]


def _archive(request: HttpRequest, moment: Moment, series: Series, *, place: Place) -> bytes:
    hashed = blobs_of(request).keyed_hash(SEEDS)
    trial = trial_named(protocol_of(moment).design.trial.id, moment.trial.stamp)
    told = partial(tell_of(request), "scrub")
    return render_archive(series, subject=place.subject, time_point=place.visit, trial=trial, hashed=hashed, told=told)


def _keep_choices(request: HttpRequest, moment: Moment, sent: Sent, *, place: Place) -> tuple[Choice, ...]:
    """Several series could be read: each is kept without the patient, and somebody chooses."""
    put = partial(blobs_of(request).put, place.subject)
    usable = (series for series in sent.series if not series.against)
    return tuple(Choice(put(_archive(request, moment, each, place=place)), each.words) for each in usable)
