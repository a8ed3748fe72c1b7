"""``tessera erase --verify``: whether a receipt is what was signed, a tenant's removal's too."""

from __future__ import annotations

from pathlib import Path

from local.app.receipts import verified
from local.commands.erase.command import lines_of
from local.commands.tenant.lines import removal_lines
from local.terminal import Terminal
from tessera.erasure.receipt import Receipt


def verify(path: Path, *, terminal: Terminal) -> bool:
    """Print a receipt whose signature is right. Return whether it leaves nothing open.

    Raises
    ------
    InvalidInput
        There is no receipt, or it was changed after it was signed.
    """
    known = verified(path)
    receipt = known.receipt
    if isinstance(receipt, Receipt):
        lines, is_complete = list(lines_of(receipt)), receipt.status == "complete"
    else:
        lines, is_complete = removal_lines(receipt), receipt.is_complete
    for line in lines:
        terminal.say(line)
    terminal.say(f"  The signature is right: {known.signature.algorithm}, {known.signature.key}")
    terminal.say(f"  SHA-256 of the public key: {known.fingerprint}")
    return is_complete
