"""Learn the purchase and spend models, or keep those of the run before."""

from __future__ import annotations

import dataclasses

from adapters.aws.container import Container, write_json
from adapters.stores.model_archive import FORECASTS
from adapters.tables.models import backtest, buyers
from adapters.tables.parquet import read_table
from adapters.tables.profiles import read_customers
from steps.train.run import prepared_of, previous_of, ticket_of
from tessera import __version__
from tessera.contracts.tables import BACKTEST
from tessera.customers.drift import drift
from tessera.customers.forecast import learn
from tessera.customers.spend.clv import ClvTerms
from tessera.records.codec import encode
from tessera.records.scoring.forecast_models import ForecastModels


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
    known = previous.models if previous else None
    people, _ = buyers(read_customers(container.channel("customers")))
    terms = ClvTerms.of(settings).label
    drifted = None
    if known:
        drifted = drift(people.history, net_spend=people.net_spend, since=known.inputs)
        young = (prepared.as_of - known.learnt_as_of).days < settings.retrain_days
        if young and max(drifted.values()) <= settings.drift_limit:
            return dataclasses.replace(known, reused=True, drift=drifted, terms=terms)
    rows = read_table(container.channel("backtest"), columns=BACKTEST.names)
    learnt = learn(people, backtest=backtest(rows, holdout_days=prepared.holdout_days))
    return ForecastModels(
        **vars(learnt),
        learnt_as_of=prepared.as_of,
        code_version=__version__,
        reused=False,
        drift=drifted,
        terms=terms,
    )
