"""Learn the forecasts, or keep those of the run before."""

from __future__ import annotations

import dataclasses

from adapters.aws.container import Container, write_json
from adapters.processes import beside
from adapters.stores.model_archive import FORECASTS
from adapters.tables.behaviour import read_behaviour
from steps.train.run import prepared_of, previous_of, ticket_of
from tessera import __version__
from tessera.customers.drift import drift
from tessera.customers.forecasting.history.behaviour import BehaviourDays
from tessera.customers.forecasting.history.known import known
from tessera.customers.loyalty.learning import learn_loyalty
from tessera.customers.loyalty.scoring import LOYALTY_SCORE
from tessera.customers.spend.clv import ClvTerms
from tessera.customers.training import train_forecasts
from tessera.records.codec import encode
from tessera.records.scoring.forecast_models import ForecastModels
from tessera.records.scoring.loyalty import LearntLoyalty
from tessera.segments.sets.catalog import sets_for
from tessera.settings import RunSettings


def learn_forecasts(container: Container) -> ForecastModels:
    """Write forecasts.json and return it: new models, or those of the run before.

    The earlier models are kept while they are young and the customers have not drifted from those
    that they learnt from. With too little history, forecasts.json says so.
    """
    record = _models(container)
    write_json(container.model / FORECASTS, encode(record))
    return record


def _models(container: Container) -> ForecastModels:
    settings, prepared = ticket_of(container).settings, prepared_of(container)
    previous = previous_of(container)
    earlier = previous.usable_models if previous else None
    days = read_behaviour(container.channel("behaviour_days"))
    terms = ClvTerms.of(settings).label
    drifted = None
    if earlier:
        people, _ = known(days)
        drifted = drift(people.history, net_spend=people.net, since=earlier.inputs)
        young = (prepared.as_of - earlier.learnt_as_of).days < settings.retrain_days
        if young and max(drifted.values()) <= settings.drift_limit:
            return dataclasses.replace(
                earlier,
                reused=True,
                drift=drifted,
                terms=terms,
                loyalty=_loyalty(settings, days, earlier=earlier.loyalty),
            )
    learnt = train_forecasts(
        days,
        as_of=prepared.as_of,
        holdout_days=prepared.holdout_days,
        beside=beside.usual(),
    )
    return ForecastModels(
        **{**vars(learnt), "loyalty": _loyalty(settings, days)},
        learnt_as_of=prepared.as_of,
        code_version=__version__,
        reused=False,
        drift=drifted,
        terms=terms,
    )


def _loyalty(
    settings: RunSettings, days: BehaviourDays, *, earlier: LearntLoyalty | None = None
) -> LearntLoyalty | None:
    """Return the score of loyalty where a segment set reads it: an earlier one, or a new one."""
    if LOYALTY_SCORE not in sets_for(settings).columns:
        return None
    return earlier or learn_loyalty(days)
