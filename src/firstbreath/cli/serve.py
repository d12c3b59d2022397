"""`serve`: the site of a study folder."""

from pathlib import Path

import click

from firstbreath.cli.exits import Exit, Stop
from firstbreath.cli.say import folder_argument
from firstbreath.cli.study import Study


@click.command()
@folder_argument
@click.option("--port", default=8000, show_default=True, help="Where the site listens.")
@click.option("--browser", is_flag=True, help="Open it in a browser.")
def serve(folder: Path, port: int, *, browser: bool) -> None:
    """Serve the read-only site of FOLDER on this machine."""
    study = Study(folder, read_only=True)
    if not study.log_path.is_file():
        raise Stop(Exit.USAGE, f"{folder} has no log. Begin the trial first: firstbreath begin {folder}.")
    serve_study(study, port=port, browser=browser)


def serve_study(study: Study, *, port: int, browser: bool) -> None:
    """Serve until interrupted."""
    raise Stop(Exit.USAGE, "x")
