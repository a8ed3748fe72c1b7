"""Which tables of a database a run reads. Reading them needs the engine, so it is loaded then."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from tessera.errors import InvalidInput
from tessera.sources.databases.address import Address, parse_address

_MAPPING = ".toml"


@dataclasses.dataclass(frozen=True, kw_only=True)
class DatabaseOptions:
    """Which tables to read, and how.

    Parameters
    ----------
    slot
        The replication slot to read changes from. Empty for none.
    reload
        Whether all rows are read again.
    """

    address: Address
    mapping: Path
    slot: str
    reload: bool

    @classmethod
    def of(
        cls, url: str | None, *, source: Path | None, mapping: str | None, slot: str, reload: bool
    ) -> DatabaseOptions | None:
        """Return what a command line asks for. None where it names a file.

        Raises
        ------
        InvalidInput
            It names both or neither, or a mapping of the other kind.
        """
        is_file = mapping is not None and mapping.endswith(_MAPPING)
        if url is None:
            if source is None:
                raise InvalidInput("name a file or folder to run, or a database with --from URL")
            if is_file or slot or reload:
                raise InvalidInput("a mapping file, --changes and --reload need --from URL")
            return None
        if source is not None:
            raise InvalidInput(f"name {source} or --from, not both")
        if mapping is None or not is_file:
            raise InvalidInput(
                "--from needs --mapping FILE.toml, what the tables' columns mean: "
                "`tessera sources tables URL` proposes one"
            )
        return cls(address=parse_address(url), mapping=Path(mapping), slot=slot, reload=reload)
