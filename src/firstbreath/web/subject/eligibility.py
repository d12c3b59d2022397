"""Eligibility: what the values decide, and what the investigator attests under their signature."""

from django.http import HttpResponse, QueryDict

from firstbreath.events.decisions import Reason
from firstbreath.protocol.values import Criterion, Protocol
from firstbreath.subjects.commands import AttestEligibility
from firstbreath.web.accounts.reauth import check_reauthentication, has_second_factor
from firstbreath.web.act import REFUSED, Outcome
from firstbreath.web.pages.subject import compute_subject
from firstbreath.web.subject.case import Case, do_act, go_on, render_case, subject_page

TRUTHS = {"yes": True, "no": False}


@subject_page("attest_eligibility")
def attest_eligibility(case: Case) -> HttpResponse:
    """Attest the criteria that the protocol leaves to judgement, each with yes or no."""
    if case.request.method != "POST":
        return _show(case)
    sent = case.request.POST
    wrong = check_reauthentication(case.request)
    if wrong:
        return _show(case, Outcome(reasons=wrong, status=REFUSED))
    criteria = parse_attested(case.protocol, sent)
    outcome = do_act(case, AttestEligibility(subject=case.code, criteria=criteria), form="eligibility")
    return go_on(case, outcome) if outcome.done else _show(case, outcome)


def parse_attested(protocol: Protocol, sent: QueryDict) -> dict[str, bool]:
    """What was chosen for each criterion that is left to judgement; what was left open is not in it."""
    chosen = {criterion.id: str(sent.get(f"criterion-{criterion.id}", "")) for criterion in judged_of(protocol)}
    return {criterion: TRUTHS[word] for criterion, word in chosen.items() if word in TRUTHS}


def judged_of(protocol: Protocol) -> list[Criterion]:
    """The criteria that the protocol leaves to judgement."""
    return [criterion for criterion in protocol.design.criteria if criterion.judged]


def _show(case: Case, outcome: Outcome | None = None) -> HttpResponse:
    page = compute_subject(case.moment.trial, case.code)
    assert page is not None  # noqa: S101 -- the case was found in the same trial
    chosen = parse_attested(case.protocol, case.request.POST)
    lines = (*page.inclusion, *page.exclusion)
    reasons: tuple[Reason, ...] = outcome.reasons if outcome else ()
    return render_case(
        case,
        "subject/eligibility",
        has_code=has_second_factor(case.identity.account.id),
        judged=[line for line in lines if line.criterion.judged and line.by != "values"],
        decided=[line for line in lines if not line.criterion.judged or line.by == "values"],
        chosen_yes={criterion for criterion, truth in chosen.items() if truth},
        chosen_no={criterion for criterion, truth in chosen.items() if not truth},
        reasons=reasons,
        status=outcome.status if outcome else 200,
    )
