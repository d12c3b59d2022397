"""The peer: a Django model of 42 columns whose every version django-simple-history keeps.

Run as `python -m bench.peer FILE LEVEL FORMS`; prints the timing of saving so many forms, one transaction each.
"""

import sys

import django
import msgspec
from bench.append import VALUES, Timing, time_runs
from django.conf import settings
from django.core.management import call_command


def configure(path: str, level: str) -> None:
    options = {
        "init_command": f"PRAGMA journal_mode = WAL; PRAGMA synchronous = {level};",
        "transaction_mode": "IMMEDIATE",
    }
    settings.configure(
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": path, "OPTIONS": options}},
        INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "simple_history", "bench"],
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        USE_TZ=True,
    )
    django.setup()


def save_forms(forms: int) -> tuple[Timing, ...]:
    """The timing of saving forms, each with its first version of history."""
    from django.db import connection, models, transaction
    from simple_history.models import HistoricalRecords

    columns = {name: models.CharField(max_length=40) for name in VALUES}
    meta = type("Meta", (), {"app_label": "bench"})
    base = {"__module__": __name__, "Meta": meta, "history": HistoricalRecords()}
    form = type("LaboratoryForm", (models.Model,), base | columns)
    call_command("migrate", verbosity=0)
    with connection.schema_editor() as editor:
        editor.create_model(form)
        editor.create_model(form.history.model)

    def save() -> None:
        for _ in range(forms):
            with transaction.atomic():
                form(**VALUES).save()

    timings = time_runs(save, times=1)
    if form.objects.count() != forms or form.history.count() != forms:
        raise AssertionError(form.history.count())
    return timings


if __name__ == "__main__":
    configure(sys.argv[1], sys.argv[2])
    print(msgspec.json.encode(save_forms(int(sys.argv[3]))[0]).decode())
