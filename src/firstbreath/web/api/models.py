"""What the site's own database keeps of tokens: enough to know one again, never the token itself."""

from __future__ import annotations

from datetime import datetime

from django.db import models


class Token(models.Model):
    """A person's token for programs.

    digest  SHA-256 of the token, which has 256 bits of chance and needs no slower hash
    proof   what the password was, as sessions keep it: a new password ends the tokens made under the old one
    """

    account: models.CharField[str, str] = models.CharField(max_length=30, db_index=True)
    name: models.CharField[str, str] = models.CharField(max_length=40)
    digest: models.CharField[str, str] = models.CharField(max_length=64, unique=True)
    proof: models.CharField[str, str] = models.CharField(max_length=128)
    made: models.DateTimeField[datetime, datetime] = models.DateTimeField()
    expires: models.DateTimeField[datetime, datetime] = models.DateTimeField()
