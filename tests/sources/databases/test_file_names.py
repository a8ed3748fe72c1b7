"""The names of change files."""

import datetime as dt

from tessera.sources.databases import file_names

MOMENT = dt.datetime(2014, 10, 29, 11, 34, 1, 234_567, tzinfo=dt.UTC)


def test_a_full_load_counts_its_files_in_hexadecimal() -> None:
    assert file_names.load_name(1) == "LOAD00000001.parquet"
    assert file_names.load_name(27) == "LOAD0000001B.parquet"


def test_changes_are_named_after_their_moment_to_the_millisecond() -> None:
    assert file_names.changes_name(MOMENT) == "20141029-113401234.parquet"


def test_a_later_file_has_a_later_name_whatever_the_clock_says() -> None:
    first = file_names.changes_name(MOMENT)

    second = file_names.changes_name(MOMENT - dt.timedelta(hours=2), after=first)

    assert second == "20141029-113401235.parquet"
