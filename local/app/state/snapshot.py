"""The document of a state: which files it is made of, and what else is remembered."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

import tessera
from local.aws.objects.facts import ObjectFacts
from tessera.errors import InvalidInput

FORMAT = 1
DATA, IDENTITIES = "data", "identities"
CAMPAIGNS, TENANTS = "campaigns", "tenants"


@dataclasses.dataclass(frozen=True, kw_only=True)
class StoredObject:
    """An object, and the file of the state that has its bytes."""

    facts: ObjectFacts
    file: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class Snapshot:
    """A state.

    Parameters
    ----------
    secret
        Makes the customer keys: with another one, every customer would be somebody else.
    saved_at
        When, ISO 8601 in UTC.
    objects
        Those of the two buckets, by ``DATA`` and ``IDENTITIES``.
    runs
        The items of the runs table, as DynamoDB writes them.
    stand_ins
        The file of each stand-in's memory, by destination.
    tables
        The file of each further table's items, by what the table holds.
    """

    secret: str
    saved_at: str
    objects: Mapping[str, tuple[StoredObject, ...]]
    runs: tuple[Mapping[str, Any], ...]
    stand_ins: Mapping[str, str]
    tables: Mapping[str, str] = dataclasses.field(default_factory=dict)

    @property
    def files(self) -> set[str]:
        """The names of all files that it is made of."""
        stored = {one.file for listed in self.objects.values() for one in listed}
        return stored | set(self.stand_ins.values()) | set(self.tables.values())

    def to_json(self) -> str:
        """Return the document."""
        document = {"format": FORMAT, "tessera": tessera.__version__, **dataclasses.asdict(self)}
        return json.dumps(document, ensure_ascii=False, separators=(",", ":")) + "\n"

    @classmethod
    def parse(cls, text: str, *, where: Path) -> Self:
        """Return the state of a document.

        Raises
        ------
        InvalidInput
            It is damaged, or of a format that this version does not read.
        """
        try:
            document = json.loads(text)
            known = document["format"]
        except (ValueError, KeyError, TypeError) as error:
            raise _damaged(where, error) from error
        if known != FORMAT:
            raise InvalidInput(
                f"{where} was written by Tessera {document.get('tessera', '?')} in the format "
                f"{known}, and this version {tessera.__version__} reads the format {FORMAT}: use "
                "that version, or another folder with --state, or --fresh to run without a state"
            )
        try:
            return cls(
                secret=document["secret"],
                saved_at=document["saved_at"],
                objects={
                    bucket: tuple(
                        StoredObject(facts=ObjectFacts(**one["facts"]), file=one["file"])
                        for one in listed
                    )
                    for bucket, listed in document["objects"].items()
                },
                runs=tuple(document["runs"]),
                stand_ins=document["stand_ins"],
                tables=document.get("tables", {}),  # earlier versions had none
            )
        except (KeyError, TypeError, AttributeError) as error:
            raise _damaged(where, error) from error


def _damaged(where: Path, error: Exception) -> InvalidInput:
    return InvalidInput(
        f"{where} is damaged ({error}): restore it from a copy, or use --fresh to run without a "
        "state, or another folder with --state"
    )
