"""The model's parts: encoding, regression, calibration, JSON."""

from __future__ import annotations

import json

import numpy as np
import pytest
from scipy.special import expit, logit

from tessera.customers.subscriptions.attributes import Attribute, AttributeColumns, category
from tessera.customers.subscriptions.encoding import EncodedRows, Encoding, encode
from tessera.customers.subscriptions.logistic import Logistic
from tessera.customers.subscriptions.logistic_fit import BENT, STRAIGHT, fit_logistic
from tessera.customers.subscriptions.model import ChurnModel
from tessera.customers.subscriptions.training import fit_calibration
from tessera.errors import InvalidInput


def test_an_encoding_knows_its_levels_and_counts_dates_back_from_the_row(shop, rows):
    encoding = Encoding.from_dict(json.loads(json.dumps(rows.encoding.to_dict())))
    assert encoding == rows.encoding
    other = AttributeColumns(
        (
            Attribute("joined", "date", np.array([90.0, np.nan])),
            Attribute("extra", "number", np.zeros(2)),
            category("plan", ["year", "a new plan"]),
            Attribute("card", "flag", np.array([1.0, 0.0])),
            Attribute("tenure", "number", np.array([3.0, np.nan])),
        )
    )
    matrix = encoding.matrix(other, day=np.array([100.0, 100.0]))
    expected = [[2, 3, 1, 10], [np.nan, np.nan, 0, np.nan]]  # month, two years, year
    assert np.array_equal(matrix, expected, equal_nan=True)


def test_a_missing_or_changed_column_is_named(shop, rows):
    with pytest.raises(InvalidInput, match="lack 'plan', 'joined'"):
        rows.encoding.matrix(shop.attributes.only(["tenure", "card"]), day=shop.day)
    flags = [Attribute("tenure", "flag", np.zeros(len(shop.day)))]
    changed = [column for column in shop.attributes.columns if column.name != "tenure"]
    with pytest.raises(InvalidInput, match="'tenure' is a flag, and was a number"):
        rows.encoding.matrix(AttributeColumns((*changed, *flags)), day=shop.day)


def test_columns_must_make_a_table():
    one = Attribute("a", "number", np.zeros(2))
    with pytest.raises(InvalidInput, match="same name"):
        AttributeColumns((one, one))
    with pytest.raises(InvalidInput, match="every customer"):
        AttributeColumns((one, Attribute("b", "number", np.zeros(3))))


@pytest.mark.parametrize("knots", [STRAIGHT, BENT])
def test_a_regression_finds_the_formula_and_survives_json(shop, rows, knots):
    model = fit_logistic(rows, knots=knots)
    again = Logistic.from_dict(json.loads(json.dumps(model.to_dict())))
    assert again == model
    plan, tenure, card, joined = model.terms
    month, two_years, year = plan.weights
    assert month > year > two_years
    assert len(tenure.knots) == knots
    slope = np.ptp(tenure.weights) / np.ptp(tenure.knots)
    assert slope == pytest.approx(0.04, abs=0.012)
    assert np.diff(card.weights) == pytest.approx(0.7, abs=0.25)
    assert np.ptp(joined.weights) < 1
    assert np.corrcoef(model.log_odds(rows.matrix), logit(shop.risk))[0, 1] > 0.9


@pytest.mark.parametrize("knots", [STRAIGHT, BENT])
def test_a_regressions_effects_sum_to_its_answer(rows, knots):
    model = fit_logistic(rows, knots=knots)
    effects, answers = model.effects(rows.matrix), model.log_odds(rows.matrix)
    assert effects.mean(axis=0) == pytest.approx(np.zeros(4), abs=1e-8)
    assert effects.sum(axis=1) == pytest.approx(answers - answers.mean(), abs=1e-7)


def test_a_line_bends_where_the_risk_does():
    draw = np.random.default_rng(3)
    days = draw.uniform(0, 100, 20_000)
    risk = expit(-1 - 0.1 * np.minimum(days, 20))
    shape = AttributeColumns((Attribute("days", "number", days),))
    encoding = encode(shape, day=days)
    rows = EncodedRows(encoding, days[:, None], draw.random(20_000) < risk)
    bent, straight = (fit_logistic(rows, knots=knots) for knots in (BENT, STRAIGHT))
    early, late = np.array([[1.0], [20.0]]), np.array([[40.0], [95.0]])
    assert np.ptp(bent.log_odds(early)) == pytest.approx(1.9, abs=0.3)
    assert np.ptp(bent.log_odds(late)) < np.ptp(straight.log_odds(late)) / 2


def test_numbers_far_outside_are_cut(rows):
    model = fit_logistic(rows)
    far = rows.matrix[:3].copy()
    far[:, 1] = 1e12
    assert np.ptp(model.effects(far)[:, 1]) == 0
    assert abs(model.effects(far)[0, 1]) < 3


def test_calibration_mends_odds_that_are_too_sure():
    draw = np.random.default_rng(2)
    truth = draw.normal(-1, 1, 20_000)
    cancelled = draw.random(20_000) < expit(truth)
    calibration = fit_calibration(2 * truth + 1, cancelled)
    assert (calibration.shift, calibration.slope) == (
        pytest.approx(-0.5, abs=0.06),
        pytest.approx(0.5, abs=0.03),
    )
    upside_down = fit_calibration(-truth, cancelled)
    assert upside_down.slope == 0
    assert expit(upside_down.shift) == pytest.approx(cancelled.mean())


def test_a_blend_survives_json_and_is_the_mean_of_its_parts(rows, candidates):
    blend = candidates.model("blend")
    again = ChurnModel.from_dict(json.loads(json.dumps(blend.to_dict())))
    assert (again.probability(rows.matrix) == blend.probability(rows.matrix)).all()
    share = blend.shares["boosting"]
    assert share == candidates.choice.boosting_share
    logistic, boosting = (
        candidates.scorers[name].log_odds(rows.matrix) for name in ("logistic", "boosting")
    )
    score = blend.calibration.log_odds((1 - share) * logistic + share * boosting)
    assert blend.probability(rows.matrix) == pytest.approx(expit(score))


def test_another_model_is_refused():
    with pytest.raises(InvalidInput, match="train it with this version"):
        ChurnModel.from_dict({"format": 1, "kind": "blend"})
