"""What went wrong, as one sentence for the user: what it is about, and what to do."""

from __future__ import annotations

import errno

from local.app.disk import FREE
from local.terminal import CommandFailure
from tessera.errors import TesseraError


def sentence(error: Exception) -> str:
    """Return an error in words, without the names of exceptions."""
    if isinstance(error, (TesseraError, CommandFailure)):
        return str(error)
    if isinstance(error, OSError):
        return _of_system(error)
    words = str(error) or "it gives no reason"
    return (
        f"Tessera itself failed: {words}. This is a fault of Tessera, not of your files: report "
        "it with what TESSERA_TRACEBACK=1 shows before the same command"
    )


def _of_system(error: OSError) -> str:
    where = f"{error.filename}: " if error.filename else ""
    if error.errno == errno.ENOSPC:
        return f"{where}the disk is full: {FREE}"
    if error.errno == errno.EDQUOT:
        return f"{where}your share of the disk is used up: {FREE}"
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return f"{where}no permission to read or write it: change that, or give another path"
    return f"{where}{error.strerror or error}"
