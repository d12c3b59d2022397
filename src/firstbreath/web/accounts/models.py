"""What the site's own database keeps of a password beside its hash."""

from __future__ import annotations

from datetime import datetime

from django.db import models


class Standing(models.Model):
    """How the password of an account stands.

    must_change  an administrator set it: the person sets their own before anything else
    changed_at   when the present one was set
    previous     the hash of the one before, which is not taken again
    """

    account: models.CharField[str, str] = models.CharField(max_length=30, unique=True)
    must_change: models.BooleanField[bool, bool] = models.BooleanField(default=False)
    changed_at: models.DateTimeField[datetime, datetime] = models.DateTimeField()
    previous: models.CharField[str, str] = models.CharField(max_length=128, default="")
