"""Where data arrives by itself, a clock looks for sources that are silent."""

from __future__ import annotations

from tessera.environments.watch_sources import WatchSourcesEnvironment
from tests.infra.rights import may

HANDLER = "lambdas.watch_sources.handler.handler"


def functions(app):
    made = app.resources("AWS::Lambda::Function")
    return [each for each in made if each["Handler"] == HANDLER]


def test_only_a_stage_with_sources_has_the_clock(app, full):
    assert functions(app) == []
    [function] = functions(full)
    assert WatchSourcesEnvironment.from_env(full.resolve(function["Environment"]["Variables"]))
    rules = [each for each in full.resources("AWS::Events::Rule") if "ScheduleExpression" in each]
    [rule] = [each for each in rules if each.get("Description") == "Tessera: watch_sources"]
    assert rule["ScheduleExpression"] == "rate(1 day)"


def test_it_reads_summaries_of_runs_and_nothing_else(full):
    data = f"arn:aws:s3:::{full.outputs()['DataBucket']}/tenants/acme/"
    for key, allowed in (
        ("latest.json", True),
        ("runs/r1/summary.json", True),
        ("runs/r1/manifest.json", False),
        ("events/upload=1/part-0.parquet", False),
    ):
        assert may(full, "UpkeepWatchSources", "s3:GetObject", data + key) is allowed, key
    assert not may(full, "UpkeepWatchSources", "s3:PutObject", f"{data}latest.json")
