"""``tessera erase --verify``: whether a receipt is what was signed."""

from __future__ import annotations

from pathlib import Path

from local.app.receipts import verified
from local.commands.erase.command import lines_of
from local.terminal import Terminal


def verify(path: Path, *, terminal: Terminal) -> bool:
    """Print a receipt whose signature is right. Return whether it leaves nothing open.

    Raises
    ------
    InvalidInput
        There is no receipt, or it was changed after it was signed.
    """
    known = verified(path)
    for line in lines_of(known.receipt):
        terminal.say(line)
    terminal.say(f"  The signature is right: {known.signature.algorithm}, {known.signature.key}")
    terminal.say(f"  SHA-256 of the public key: {known.fingerprint}")
    return known.receipt.status == "complete"
