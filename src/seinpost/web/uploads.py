"""Files that come in with a form: kept in memory up to the size the procedure allows, and on no disk before that."""

from __future__ import annotations

import io
from typing import Any

from django.core.files.uploadedfile import InMemoryUploadedFile, UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

from seinpost.packs.procedure.terms import Setting
from seinpost.process.verbs.attaching import MEBIBYTE
from seinpost.store.actions.attachments import Upload
from seinpost.web.reader import plan


class Bounded(FileUploadHandler):
    """Keep a file while it may still be an attachment; of a larger one only its size is known at the end."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin a file."""
        super().new_file(*args, **kwargs)
        self.kept = io.BytesIO()
        self.most = plan().settings[Setting.ATTACHMENT_MEBIBYTES] * MEBIBYTE

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Keep a piece, or let go of the file when it has become too large."""
        if start + len(raw_data) > self.most:
            self.kept = io.BytesIO()
        else:
            self.kept.write(raw_data)

    def file_complete(self, file_size: int) -> UploadedFile[Any]:
        """The file, or an empty one that says how large it was."""
        if file_size > self.most:
            self.kept = io.BytesIO()
        self.kept.seek(0)
        return InMemoryUploadedFile(
            self.kept, self.field_name, self.file_name or "", self.content_type, file_size, self.charset
        )


def upload_of(file: UploadedFile[Any]) -> Upload:
    """What came in, as the action takes it."""
    return Upload(file.name or "", file.read(), file.size or 0)
