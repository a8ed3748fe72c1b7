"""``tessera erase --verify``: whether a receipt is what was signed, a tenant's removal's too."""

from __future__ import annotations

import hashlib
from pathlib import Path

from local.app.receipts import verified
from local.commands.erase.command import lines_of
from local.commands.erase.public_key import public_key_of
from local.commands.tenant.lines import removal_lines
from local.terminal import Terminal
from tessera.erasure.receipt import Receipt
from tessera.errors import InvalidInput


def verify(path: Path, *, stage: str, terminal: Terminal) -> bool:
    """Print a receipt whose signature is right. Return whether it leaves nothing open.

    Parameters
    ----------
    path
        The receipt.
    stage
        The stage whose key must have signed it. Empty: any key, whose SHA-256 is printed.

    Raises
    ------
    InvalidInput
        There is no receipt, it was changed after it was signed, or another key signed it.
    """
    known = verified(path)
    if stage and hashlib.sha256(public_key_of(stage)).hexdigest() != known.fingerprint:
        raise InvalidInput(
            f"{path} is signed by another key than that of stage {stage!r}: it is no receipt of it"
        )
    receipt = known.receipt
    if isinstance(receipt, Receipt):
        lines, is_complete = list(lines_of(receipt)), receipt.status == "complete"
    else:
        lines, is_complete = removal_lines(receipt), receipt.is_complete
    for line in lines:
        terminal.say(line)
    terminal.say(f"  The signature is right: {known.signature.algorithm}, {known.signature.key}")
    terminal.say(f"  SHA-256 of the public key: {known.fingerprint}")
    if stage:
        terminal.say(f"  It is the key of stage {stage}")
    return is_complete
