"""The tools that an assistant may call: they read a run's own figures, and change nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import ToolAnnotations

from local.commands.mcp.sources import RunSource
from tessera import __version__
from tessera.errors import InvalidInput, Refused, Retryable
from tessera.insights.statistics.comparison import compared
from tessera.records.codec import encode
from tessera.records.insights.insights import Insights

_READS = ToolAnnotations(read_only_hint=True, destructive_hint=False, open_world_hint=False)
_INSTRUCTIONS = """\
Figures of a shop's customers, written by Tessera's runs. Every answer names its run: cite run_id
and as_of with each figure. A null figure is withheld or unknown, with its reason beside it: say so
and never estimate it. Money is in the answer's currency. Customers have pseudonymous keys and no
names. To explain a change, compare two runs and then look at who moved and why."""


def server(source: RunSource) -> MCPServer[Any]:
    """Return the server of a source's runs."""
    made: MCPServer[Any] = MCPServer(
        "Tessera", instructions=_INSTRUCTIONS, version=__version__, log_level="ERROR"
    )
    for tool in _Tools(source).all():
        made.add_tool(tool, annotations=_READS)
    return made


class _Tools:
    """The tools. Their docstrings are what an assistant reads."""

    def __init__(self, source: RunSource) -> None:
        self._source = source

    def all(self) -> tuple[Callable[..., dict[str, Any]], ...]:
        return (
            self.runs,
            self.overview,
            self.segment_statistics,
            self.who_moved,
            self.explain_customer,
            self.trust_in_forecasts,
            self.compare_runs,
        )

    def runs(self) -> dict[str, Any]:
        """List the finished runs, the newest first. The other tools take a run_id from here."""
        return _answered(lambda: {"runs": list(self._source.runs())})

    def overview(self, run_id: str | None = None) -> dict[str, Any]:
        """Show a run at a glance: customers, money, orders, alerts, warnings, trend, cost.

        Without a run_id it is the latest run. So it is for every tool.
        """
        return self._of(
            run_id, "currency", "overview", "alerts", "warnings", "trend", "previous", "cost"
        )

    def segment_statistics(
        self, set_name: str = "rfm", run_id: str | None = None
    ) -> dict[str, Any]:
        """Show the groups of a segment set in numbers: customers, orders, money, value, risk.

        The sets are rfm (the shop's segments), value_tier, churn_band, value_at_risk, cluster,
        loyalty_3, and those that the shop defines. An unknown name is answered with the names there
        are.
        """

        def statistics() -> dict[str, Any]:
            run = self._source.insights(run_id)
            if set_name not in run.sets:
                raise InvalidInput(f"there is no set {set_name!r}: {', '.join(run.sets)}")
            return {**_cited(run), "currency": run.currency, **encode(run.sets[set_name])}

        return _answered(statistics)

    def who_moved(self, run_id: str | None = None) -> dict[str, Any]:
        """Show who came to each segment and who left it since the previous run, and why.

        The causes: their own behaviour, time passing, thresholds moved by other customers, a
        changed definition, corrected data. Counts add up: before = stayed + moved_out + left.
        """
        answer = self._of(run_id, "previous", "movement", "flows")
        if answer["movement"] is None:
            answer["note"] = "This run was compared with no earlier one, so nobody has moved yet."
        return answer

    def explain_customer(self, customer_key: str, run_id: str | None = None) -> dict[str, Any]:
        """Explain one customer: values, thresholds, labels with their rules, forecasts, moves."""
        return _answered(lambda: dict(self._source.customer(customer_key, run_id)))

    def trust_in_forecasts(self, run_id: str | None = None) -> dict[str, Any]:
        """Show how far each forecast can be trusted: in figures, by rank only, or not at all."""
        return self._of(run_id, "forecast_text", "forecasts", "models")

    def compare_runs(
        self, before_run_id: str, after_run_id: str, set_name: str = "rfm"
    ) -> dict[str, Any]:
        """Compare a segment set in two runs, group by group, with the causes where they are known.

        Use value_at_risk or churn_band to see why the money at risk rose.
        """

        def comparison() -> dict[str, Any]:
            before, after = (self._source.insights(one) for one in (before_run_id, after_run_id))
            return encode(compared(before, after, name=set_name))

        return _answered(comparison)

    def _of(self, run_id: str | None, *members: str) -> dict[str, Any]:
        """Return some members of a run's insights, with the run."""

        def some() -> dict[str, Any]:
            run = self._source.insights(run_id)
            written = encode(run)
            return {**_cited(run), **{name: written[name] for name in members}}

        return _answered(some)


def _cited(run: Insights) -> dict[str, Any]:
    return {"run_id": run.run_id, "as_of": run.as_of.isoformat()}


def _answered(answer: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Return an answer. A mistake is explained in our words."""
    try:
        return answer()
    except (InvalidInput, Refused, Retryable) as error:
        raise ToolError(str(error)) from None
