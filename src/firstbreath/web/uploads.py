"""How much may be sent: files stay in memory, a whole scan only from somebody who may file one."""

from typing import Any

from django.core.files.uploadhandler import MemoryFileUploadHandler

from firstbreath.web.identity import identity_of
from firstbreath.web.settings import MAX_FILE_BYTES, MAX_SCAN_BYTES

SCANS = "/scans/file"


class InMemory(MemoryFileUploadHandler):
    """Files in memory: no temporary file holds a patient's name in the clear."""

    def handle_raw_input(self, *told: Any, **more: Any) -> None:
        """Take part only when what is sent (its length is the third thing told) is not too much for whoever sends."""
        super().handle_raw_input(*told, **more)
        self.activated = told[2] <= self.limit

    @property
    def limit(self) -> int:
        """How many bytes may come with this request."""
        request = self.request
        if request is None or request.path_info != SCANS:
            return MAX_FILE_BYTES
        identity = identity_of(request)
        return MAX_SCAN_BYTES if identity is not None and identity.may("file_scan") else MAX_FILE_BYTES
