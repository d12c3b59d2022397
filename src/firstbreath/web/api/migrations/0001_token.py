"""The first table: tokens."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """Tokens."""

    initial = True
    dependencies: ClassVar = []
    operations: ClassVar = [
        migrations.CreateModel(
            name="Token",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("account", models.CharField(db_index=True, max_length=30)),
                ("name", models.CharField(max_length=40)),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("proof", models.CharField(max_length=128)),
                ("made", models.DateTimeField()),
                ("expires", models.DateTimeField()),
            ],
        ),
    ]
