"""The paper: its page, and its files with how each is made and how a browser is to take it."""

from collections.abc import Callable, Mapping

import msgspec
from django.http import HttpRequest, HttpResponse

from firstbreath.paper.document import Paper, render_csv, render_json
from firstbreath.web.errors import page
from firstbreath.web.frame import Absent, render_page
from firstbreath.web.headers import policy
from firstbreath.web.moment import read_moment, source_of
from firstbreath.web.pages.words import render_place

HTML = "paper.html"
FRAMING_POLICY = policy(frame_src="'self'")
"""The page that shows the paper may frame a page of this site, and no other."""
PAPER_POLICY = policy(
    style_src="'unsafe-inline'", script_src="'none'", img_src="data:", font_src="data:", frame_ancestors="'self'"
)
"""The paper is one file that carries its own style; it runs nothing, and only this site may frame it."""


class PaperFile(msgspec.Struct, frozen=True):
    """A rendering of the paper: its words on the page, its content type and the function that makes its bytes."""

    label: str
    content_type: str
    render: Callable[[Paper], bytes]


def _html(paper: Paper) -> bytes:
    from firstbreath.paper.html import render_html

    return render_html(paper).encode()


def _pdf(paper: Paper) -> bytes:
    from firstbreath.paper.pdf import render_pdf

    return render_pdf(paper)


def _docx(paper: Paper) -> bytes:
    from firstbreath.paper.docx import render_docx

    return render_docx(paper)


PAPER_FILES: Mapping[str, PaperFile] = {
    HTML: PaperFile("HTML", "text/html; charset=utf-8", _html),
    "paper.pdf": PaperFile("PDF", "application/pdf", _pdf),
    "paper.docx": PaperFile("Word", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", _docx),
    "results.csv": PaperFile(
        "Rows as CSV", "text/csv; charset=utf-8", lambda paper: render_csv(paper.results).encode()
    ),
    "results.json": PaperFile("Rows as JSON", "application/json", lambda paper: render_json(paper.results).encode()),
}


@page("see_results")
def show_paper(request: HttpRequest) -> HttpResponse:
    """The paper in a frame, with its files."""
    moment = read_moment(request)
    if moment.trial.protocol:
        source_of(request).compose(moment.trial)  # what stands against it is said here, not inside the frame
    response = render_page(request, "paper", moment, files=PAPER_FILES.items(), html=HTML)
    response.headers["Content-Security-Policy"] = FRAMING_POLICY
    return response


@page("see_results")
def send_paper(request: HttpRequest, name: str) -> HttpResponse:
    """A file of the paper."""
    moment = read_moment(request)
    file = PAPER_FILES.get(name)
    if file is None or moment.trial.protocol is None:
        raise Absent(moment, f"There is no {name[:40]} of the paper after {render_place(moment.trial.seq)}.")
    content = file.render(source_of(request).compose(moment.trial))
    response = HttpResponse(content, content_type=file.content_type)
    if name == HTML:
        response.headers["Content-Security-Policy"] = PAPER_POLICY
        response.headers["X-Frame-Options"] = "SAMEORIGIN"
    else:
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
