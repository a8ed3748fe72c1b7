"""The secret that makes customer keys on this machine, kept so that keys stay the same."""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path

KEPT = Path(__file__).resolve().parents[2] / ".cache" / "pseudonym-secret"
_BYTES = 32


def kept_secret(path: Path = KEPT) -> str:
    """Return the secret in a file that only its owner may read, made at random on first use."""
    try:
        return path.read_text(encoding="ascii")
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(f"{path.name}.{os.getpid()}")
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_hex(_BYTES), encoding="ascii")
        with contextlib.suppress(FileExistsError):  # another process was faster: its one counts
            path.hardlink_to(fresh)
        fresh.unlink()
        return path.read_text(encoding="ascii")
