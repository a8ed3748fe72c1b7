"""The names of executions."""

import datetime as dt

from tessera.campaigns.sending.progress import execution_name

NOW = dt.datetime(2026, 12, 1, 9, tzinfo=dt.UTC)
SECOND = dt.timedelta(milliseconds=1)


def test_a_name_has_tenant_run_and_task():
    name = execution_name("acme", "news-r001", "send", at=NOW)
    assert name.startswith("acme--news-r001--send-")
    assert name == execution_name("acme", "news-r001", "send", at=NOW)
    assert name != execution_name("acme", "news-r001", "send", at=NOW + SECOND)


def test_a_long_name_fits_and_stays_unique():
    runs = [(tenant, f"{'c' * 48}-r001") for tenant in ("a" * 48, "b" * 48)]
    names = {execution_name(*one, "plan", at=NOW) for one in runs}
    assert len(names) == 2
    assert all(len(name) <= 80 for name in names)
