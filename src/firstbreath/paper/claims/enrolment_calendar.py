"""Claims about the enrolment calendar: can so many courses fit the dates when reviews come between them?"""

from datetime import date
from typing import Annotated, Literal

from msgspec import Meta, Struct

from firstbreath.paper.claims.lookup import add_days, read_day, read_whole
from firstbreath.paper.claims.references import Day, Number
from firstbreath.paper.claims.values import Claim, ClaimFolder, Source, Verdict, conclude
from firstbreath.paper.claims.wording import render_count, render_source

Days = Annotated[int, Meta(ge=0, le=1000)]


class Calendar(Claim, frozen=True, kw_only=True, tag="calendar", tag_field="kind"):
    """Enrolment between two dates, with courses of treatment and reviews between them.

    `review` says which course is reviewed before the next subject is enrolled: none, the first, or each.
    A review takes `review_days` after the last dose; 0 allows the next enrolment on that same day.
    """

    first: Day
    last: Day
    subjects: Number
    course_days: Number
    days_before_dose: Days = 0
    review: Literal["none", "first", "each"]
    review_days: Days = 0
    ended: Day | None = None


class _Plan(Struct, frozen=True):
    """The soonest dates: of the last enrolment, and of the end of the last course if enrolled as printed."""

    soonest: date
    reviews: int
    first_review: date
    end: date


def check_calendar(claim: Calendar, folder: ClaimFolder) -> Verdict:
    """Whether the soonest possible calendar ends by the printed dates."""
    first, first_source = read_day(folder, claim.first)
    last, last_source = read_day(folder, claim.last)
    subjects, count = read_whole(folder, claim.subjects)
    course, length = read_whole(folder, claim.course_days)
    sources: tuple[Source, ...] = (first_source, last_source, count, length)
    if not isinstance(first, date) or not isinstance(last, date) or min(subjects, course) < 1:
        working = "Missing: the dates, the number of subjects, or the length of a course."
        return conclude(claim, "not checkable", working, sources=sources)
    plan = _plan(claim, (first, last), subjects=subjects, course=course)
    start = render_count(claim.days_before_dose, "day")
    working = (
        f"{subjects} subjects enrolled {render_source(first_source)} to {render_source(last_source)}, "
        f"{course} days each, first dose {start} after enrolment, reviewed before the "
        f"next enrolment: {claim.review}. First review at the soonest {plan.first_review}; last enrolment at the "
        f"soonest {plan.soonest}, printed {last}."
    )
    possible = plan.soonest <= last
    if claim.ended is not None:
        text, on_time, source = _judge_end(claim.ended, folder, plan)
        working, possible, sources = working + text, possible and on_time, (*sources, source)
    return conclude(claim, "reproduced" if possible else "not attainable", working, sources=sources)


def _plan(claim: Calendar, printed: tuple[date, date], *, subjects: int, course: int) -> _Plan:
    """The soonest calendar the reviews allow. Raises ValueError when no calendar reaches it."""
    block = claim.days_before_dose + course - 1
    reviews = {"none": 0, "first": min(1, subjects - 1), "each": subjects - 1}[claim.review]
    return _Plan(
        soonest=_later(printed[0], reviews * (block + claim.review_days)),
        reviews=reviews,
        first_review=_later(printed[0], block + claim.review_days),
        end=_later(printed[1], block),
    )


def _later(day: date, days: int) -> date:
    found = add_days(day, days)
    return found if isinstance(found, date) else day


def _judge_end(end: Day, folder: ClaimFolder, plan: _Plan) -> tuple[str, bool, Source]:
    """Whether the last course can end by the printed end."""
    ended, source = read_day(folder, end)
    on_time = isinstance(ended, date) and plan.end <= ended
    return f" Last dose at the soonest {plan.end}, printed end {render_source(source)}.", on_time, source
