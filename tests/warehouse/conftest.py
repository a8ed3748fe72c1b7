"""The warehouse of made-up runs, on DuckDB."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest

from adapters.tables.parquet import write_table
from adapters.warehouse.files import FileWarehouse, Part, opened
from tessera.warehouse.views import BASES
from tests.warehouse import made_rows


@pytest.fixture(scope="session")
def base_rows() -> dict[str, pa.Table]:
    return made_rows.bases()


@pytest.fixture(scope="session")
def base_parts(base_rows, tmp_path_factory) -> dict[str, list[Part]]:
    folder: Path = tmp_path_factory.mktemp("warehouse")
    return {
        table.name: [
            Part(
                files=(write_table(folder / f"{table.name}.parquet", rows, table),),
                values={},
            )
        ]
        for table, rows in ((one, base_rows[one.name]) for one in BASES)
    }


@pytest.fixture(scope="session")
def file_warehouse(base_parts) -> Iterator[FileWarehouse]:
    with opened(base_parts) as made:
        yield made
