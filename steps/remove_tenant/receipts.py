"""The receipts of removals, in a folder of the data bucket that no tenant can read."""

from __future__ import annotations

from typing import Any

from adapters.aws.objects import Objects
from tessera import naming
from tessera.api.documents.tenants import SignedRemoval
from tessera.erasure.receipt import Signer, signed
from tessera.records.codec import decode
from tessera.records.removal import RemovalReceipt


class SignedReceipts:
    """Reads receipts with their signatures. A receipt that has changed has another signature.

    Parameters
    ----------
    data
        The data bucket.
    """

    def __init__(self, data: Objects) -> None:
        self._data = data

    def document(self, case: str) -> dict[str, Any] | None:
        """Return a receipt with its signature, exactly as it was signed. None without one."""
        key = naming.removal_key(case)
        return dict(self._data.read_json(key)) if self._data.exists(key) else None

    def listed(self) -> list[RemovalReceipt]:
        """Return every receipt."""
        keys = self._data.keys(naming.REMOVALS)
        return [_receipt(self._data.read_json(key), key) for key in keys]


class RemovalReceipts(SignedReceipts):
    """Reads and writes receipts.

    Parameters
    ----------
    data
        The data bucket.
    signer
        Signs each as it is now, complete or not.
    """

    def __init__(self, data: Objects, *, signer: Signer) -> None:
        super().__init__(data)
        self._signer = signer

    def read(self, case: str) -> RemovalReceipt | None:
        """Return a receipt, None without one."""
        known = self.document(case)
        return None if known is None else _receipt(known, naming.removal_key(case))

    def write(self, receipt: RemovalReceipt) -> None:
        """Sign and write a receipt."""
        self._data.write_json(naming.removal_key(receipt.case), signed(receipt, self._signer))


def _receipt(document: object, key: str) -> RemovalReceipt:
    return decode(SignedRemoval, document, document=key, tolerant=True).receipt
