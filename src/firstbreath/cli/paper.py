"""`paper`: the documents of a trial, every number from its rows."""

from pathlib import Path

import click

from firstbreath.cli.exits import Exit, Stop
from firstbreath.cli.files import read_text, write_files
from firstbreath.cli.say import as_of_option, folder_argument, json_option, print_json, progress, trial_at
from firstbreath.cli.study import Study
from firstbreath.paper.citations import parse_publication, render_csl_json, render_ris
from firstbreath.paper.claims import encode_verdicts
from firstbreath.paper.document import Paper, render_csv, render_json
from firstbreath.protocol.toml import parse_toml


@click.command()
@folder_argument
@as_of_option
@click.option("--out", type=click.Path(path_type=Path), default=None, help="Where to; FOLDER when left out.")
@json_option
def paper(folder: Path, as_of: str, out: Path | None, *, as_json: bool) -> None:
    """Write the paper of FOLDER as HTML, PDF and DOCX, its figures as SVG and PDF, its rows, and the citation."""
    study = Study(folder, read_only=True)
    trial = trial_at(study.door().history, as_of)
    with progress("Writing the paper"):
        written = write_paper(study, study.compose(trial), out or folder)
    if as_json:
        print_json([str(path) for path in written])
    else:
        for path in written:
            click.echo(path)


def write_paper(study: Study, paper: Paper, folder: Path) -> list[Path]:
    """Every document of the paper in a folder; the same paper always gives the same bytes."""
    from firstbreath.paper.docx import render_docx
    from firstbreath.paper.figure_files import render_figure_files
    from firstbreath.paper.html import render_html
    from firstbreath.paper.pdf import render_pdf

    contents = {
        "paper.html": render_html(paper).encode(),
        "paper.pdf": render_pdf(paper),
        "paper.docx": render_docx(paper),
        "results.json": render_json(paper.results).encode(),
        "results.csv": render_csv(paper.results).encode(),
    }
    contents |= render_figure_files(paper)
    if paper.verdicts:
        contents["claims.json"] = encode_verdicts(paper.verdicts) + b"\n"
    return write_files(folder, contents | citations_of(study))


def citations_of(study: Study) -> dict[str, bytes]:
    """The publication a study replays, as CSL-JSON and RIS, where the folder has its record."""
    path = study.folder / "background" / "publication.toml"
    if not path.is_file():
        return {}
    text, findings = parse_toml(read_text(path), path.name)
    if text is None:
        raise Stop(Exit.INPUT, *(finding.what for finding in findings))
    records = text.values.get("publications")
    if not isinstance(records, list) or not records:
        raise Stop(Exit.INPUT, f"{path.name} has no [[publications]]. Add the record of the paper.")
    publication = parse_publication(records[0])
    return {
        "publication.csl.json": render_csl_json(publication).encode(),
        "publication.ris": render_ris(publication).encode(),
    }
