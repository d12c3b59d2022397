"""The table of how passwords stand."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """Makes it."""

    initial = True
    dependencies: ClassVar = []
    operations: ClassVar = [
        migrations.CreateModel(
            name="Standing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("account", models.CharField(max_length=30, unique=True)),
                ("must_change", models.BooleanField(default=False)),
                ("changed_at", models.DateTimeField()),
                ("previous", models.CharField(default="", max_length=128)),
            ],
        ),
    ]
