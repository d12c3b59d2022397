"""What may stand in an address; every `urls.py` imports this before it uses `<code:...>`."""

from django.urls import register_converter


class SubjectCode:
    """Any text at all: a code comes from the log, and a page must not break on one that should never have got there."""

    regex = r"[\s\S]+"

    def to_python(self, text: str) -> str:
        """The code an address names."""
        return text

    def to_url(self, code: str) -> str:
        """The code as it stands in an address, before quoting."""
        return code


register_converter(SubjectCode, "code")
