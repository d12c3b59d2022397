"""The view of a casebook as PDF."""

from django.http import HttpRequest, HttpResponse

from firstbreath.paper.casebook import compose_casebook
from firstbreath.web.errors import page
from firstbreath.web.moment import read_moment, source_of
from firstbreath.web.records.reading import subject_of


@page("see_subjects")
def send_casebook(request: HttpRequest, code: str) -> HttpResponse:
    """Everything recorded of a subject, printed: to those who may see the subject's page."""
    from firstbreath.paper.casebook_pdf import render_casebook_pdf

    moment = read_moment(request)
    subject = subject_of(request, moment, code)
    book = compose_casebook(
        moment.trial, moment.events, subject.code, hash_of=source_of(request).hash_of, head=moment.head.printed
    )
    response = HttpResponse(render_casebook_pdf(book), content_type="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="casebook-{moment.trial.seq}.pdf"'
    return response
