"""Small files are read by queries as they are written, and larger ones by improved plans."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapters.engines.duckdb.session import SMALL_BYTES, as_written, connect, private_errors


def is_improved(connection) -> bool:
    """Return whether a plan has no step for what holds for every row."""
    query = "EXPLAIN SELECT number FROM range(3) AS numbers(number) WHERE true"
    [(_, plan)] = connection.execute(query).fetchall()
    return "Filter" not in plan


@pytest.mark.parametrize(
    ("sizes", "improved"),
    [((), False), ((SMALL_BYTES,), False), ((SMALL_BYTES, 1), True), ((SMALL_BYTES + 1,), True)],
)
def test_only_the_plans_over_larger_files_are_improved(tmp_path: Path, sizes, improved):
    files = [tmp_path / str(number) for number in range(len(sizes))]
    for file, size in zip(files, sizes, strict=True):
        file.write_bytes(bytes(size))
    with connect(tmp_path, memory_limit_mb=128) as connection:
        with as_written(connection, files):
            assert is_improved(connection) == improved
        assert is_improved(connection)


def test_plans_are_improved_again_after_an_error(tmp_path: Path):
    with connect(tmp_path, memory_limit_mb=128) as connection:
        with pytest.raises(LookupError), as_written(connection, []):
            raise LookupError
        assert is_improved(connection)


def test_too_little_memory_is_an_error_of_memory_that_says_what_to_raise(tmp_path: Path):
    query = "SELECT list(number) FROM range(10_000_000) AS numbers(number)"
    with (
        connect(tmp_path, memory_limit_mb=32) as connection,
        pytest.raises(MemoryError, match=r"test_session.py line \d+, .*jobs.prepare_memory_mb"),
        private_errors(),
    ):
        connection.execute(query)


def test_an_error_of_the_engine_names_its_place_and_quotes_no_cell(tmp_path: Path):
    with (
        connect(tmp_path, memory_limit_mb=128) as connection,
        pytest.raises(RuntimeError, match=r"test_session.py line \d+, .*: ConversionException$"),
        private_errors(),
    ):
        connection.execute("SELECT 'ann@example.com'::INTEGER")
