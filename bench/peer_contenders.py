"""What the peers do, by the letter of their manuals, run by their own interpreters.

``python peer_contenders.py PEER [TASK FILE FOLDER]`` leaves result.json in FOLDER: seconds, wall
and processor, imports not counted. Nothing of the project is imported here.
"""

from __future__ import annotations

import json
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

warnings.simplefilter("ignore")

AS_OF = "2024-01-02"  # the day after the last generated event
HORIZON_DAYS = 365.0
_KEY, _DATE, _AMOUNT = "CustomerID", "Date", "amount"
Task = Callable[[Path, Path], dict[str, Any]]


def timed(work: Callable[[], Any]) -> tuple[Any, dict[str, float]]:
    """Return what the work returned, and how long it took."""
    wall, processor = time.perf_counter(), time.process_time()
    result = work()
    took = {
        "seconds": time.perf_counter() - wall,
        "cpu_seconds": time.process_time() - processor,
    }
    return result, took


def purchases(csv: Path) -> pd.DataFrame:
    """Return the purchases of a file: customer, instant, amount."""
    events = pd.read_csv(
        csv,
        usecols=["EventName", "UnitPrice", "Quantity", _KEY, _DATE],
        dtype={
            "EventName": "category",
            "UnitPrice": "float64",
            "Quantity": "int64",
            _KEY: "str",
            _DATE: "str",
        },
    )
    bought = events[events["EventName"] == "PURCHASED"]
    at = pd.to_datetime(bought[_DATE], format="%a, %d %b %Y %H:%M:%S %z", utc=True)
    return pd.DataFrame(
        {
            _KEY: bought[_KEY],
            _DATE: at.dt.tz_localize(None),
            _AMOUNT: bought["UnitPrice"] * bought["Quantity"],
        }
    )


def lifetimes() -> dict[str, Task]:
    """Return lifetimes' tasks."""
    from lifetimes import BetaGeoFitter, GammaGammaFitter  # type: ignore[import-not-found]
    from lifetimes.utils import (  # type: ignore[import-not-found]
        summary_data_from_transaction_data,
    )

    def summary(csv: Path, folder: Path) -> dict[str, Any]:
        def work() -> None:
            summary = summary_data_from_transaction_data(
                purchases(csv), _KEY, _DATE, _AMOUNT, observation_period_end=AS_OF
            )
            summary.reset_index().to_parquet(folder / "customers.parquet")

        return timed(work)[1]

    def bg_nbd(file: Path, folder: Path) -> dict[str, Any]:  # noqa: ARG001
        repeats, last_day, age_days = np.load(file)
        fitter = BetaGeoFitter()
        _, fit = timed(lambda: fitter.fit(repeats, last_day, age_days))

        def work() -> object:
            alive = fitter.conditional_probability_alive(repeats, last_day, age_days)
            expected = fitter.conditional_expected_number_of_purchases_up_to_time
            return alive, expected(HORIZON_DAYS, repeats, last_day, age_days)

        _, score = timed(work)
        return {"fit": fit, "score": score, "parameters": _floats(fitter.params_)}

    def gamma_gamma(file: Path, folder: Path) -> dict[str, Any]:  # noqa: ARG001
        repeats, mean_spend = np.load(file)
        fitter = GammaGammaFitter()
        _, fit = timed(lambda: fitter.fit(repeats, mean_spend))
        expected = fitter.conditional_expected_average_profit
        _, score = timed(lambda: expected(pd.Series(repeats), pd.Series(mean_spend)))
        return {"fit": fit, "score": score, "parameters": _floats(fitter.params_)}

    return {"summary": summary, "bg_nbd": bg_nbd, "gamma_gamma": gamma_gamma}


def pymc_marketing() -> dict[str, Task]:
    """Return PyMC-Marketing's summary. Its models are made for sampling and not compared."""
    from pymc_marketing.clv.utils import rfm_summary  # type: ignore[import-not-found]

    def summary(csv: Path, folder: Path) -> dict[str, Any]:
        def work() -> None:
            summary = rfm_summary(
                purchases(csv), _KEY, _DATE, _AMOUNT, observation_period_end=AS_OF
            )
            summary.rename(columns={"customer_id": _KEY}).to_parquet(folder / "customers.parquet")

        return timed(work)[1]

    return {"summary": summary}


def _floats(values: Any) -> dict[str, float]:  # noqa: ANN401 (a pandas Series of any version)
    return {name: float(value) for name, value in values.items()}


PEERS = {"lifetimes": lifetimes, "pymc-marketing": pymc_marketing}

if __name__ == "__main__":
    tasks = PEERS[sys.argv[1]]()
    if len(sys.argv) > 2:
        task, file, folder = sys.argv[2], Path(sys.argv[3]), Path(sys.argv[4])
        result = tasks[task](file, folder)
        (folder / "result.json").write_text(json.dumps(result), encoding="utf-8")
