"""placeholder"""

from django.http import HttpRequest, HttpResponse


def file_scan(request: HttpRequest) -> HttpResponse: ...
