"""The site that chapters on pages are about: the one of the page tests."""

from tests.web.conftest import site

__all__ = ["site"]
