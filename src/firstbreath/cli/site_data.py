"""What a backup takes of the site's own database: passwords and second factors, of no session and no attempt."""

from pathlib import Path

from firstbreath.cli.serve import explained_database, site_database
from firstbreath.cli.study import Study
from firstbreath.web.settings import configure_django

TABLES = ("auth.user", "otp_totp", "otp_static", "accounts", "api")


def dump_site(study: Study) -> bytes | None:
    """The accounts' secrets as JSON; None where nobody ever signed in here."""
    if not study.database and not (study.folder / "site.sqlite").is_file():
        return None
    with explained_database():
        _point_at(study)
        import io

        from django.core.management import call_command
        from django.db import transaction

        text = io.StringIO()
        with transaction.atomic():
            call_command("dumpdata", *TABLES, indent=1, stdout=text)
    _let_go()
    return text.getvalue().encode()


def load_site(study: Study, dumped: Path) -> None:
    """Put the accounts' secrets into a new site's database."""
    from django.core.management import call_command

    with explained_database():
        _point_at(study)
        call_command("loaddata", str(dumped), verbosity=0)
    _let_go()


def _point_at(study: Study) -> None:
    configure_django()
    from firstbreath.web.database import use_database

    use_database(site_database(study))


def _let_go() -> None:
    from django.db import connection

    connection.close()
