"""Features: finite and clipped whatever was known, and right by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tessera.customers.forecasting.history.features import (
    EMAILS,
    PURCHASES,
    VIEWS,
    available,
    log_features,
    middle_spend,
    plain_features,
    without,
)
from tessera.customers.forecasting.history.known import KnownBuyers, known
from tests.behaviour import behaviour

ROW = st.tuples(
    st.integers(0, 3),  # customer
    st.integers(1, 9_000),  # days ago
    st.booleans(),  # bought
    st.floats(-1e9, 1e9),  # net
    st.sampled_from([0, 1, 10**6]),  # lines
    st.sampled_from([0, 1, 10**6]),  # views
    st.sampled_from([0, 1, 10**6]),  # sessions
    st.sampled_from([0, 1, 10**6]),  # e-mails
)
ALL = (*PURCHASES, *VIEWS, *EMAILS)


def features(people: KnownBuyers, *, names: tuple[str, ...] = ALL) -> dict[str, np.ndarray]:
    columns = log_features(
        people,
        names=names,
        forecast_30d=np.full(len(people), 0.5),
        middle_spend=middle_spend(people),
    )
    return dict(zip(names, columns.T, strict=True))


@given(st.lists(ROW, max_size=30, unique_by=lambda row: row[:2]))
def test_every_feature_is_finite_and_moderate(rows):
    columns = zip(*rows, strict=True) if rows else ((),) * 8
    customer, ago, bought, net, lines, views, sessions, emails = columns
    days = behaviour(
        customer, ago, bought=bought, net=net, lines=lines, views=views, sessions=sessions,
        emails=emails, customers=4,
    )  # fmt: skip
    people, _ = known(days)
    for values in features(people).values():
        assert np.isfinite(values).all()
        assert (np.abs(values) < 12).all()
    plain = plain_features(people, names=ALL)
    assert plain.shape == (len(people), 20)
    assert np.isfinite(plain).all()


def test_features_by_hand():
    # The first customer buys every 20 days and is 5 days late. The second bought once, long ago.
    days = behaviour(
        [0, 0, 0, 0, 1],
        [85, 65, 45, 25, 185],
        net=[10, 10, 10, 30, 45],
        lines=[2, 2, 2, 2, 1],
        views=[0, 0, 0, 3, 0],
        sessions=[0, 0, 0, 2, 0],
    )
    people, _ = known(days)
    made = features(people)
    assert made["orders"] == pytest.approx(np.log([4, 1]))
    assert made["forecast"] == pytest.approx(np.log([0.5, 0.5]))
    assert made["silence_share"] == pytest.approx([25 / 86, 185 / 186])
    assert made["silence"] == pytest.approx(np.log([26 / 30, 186 / 30]))
    assert made["silence_in_gaps"] == pytest.approx([np.log(26 / 21), 0])
    assert made["bought_once"].tolist() == [0, 1]
    assert made["spend"] == pytest.approx(np.log([15 / 30, 45 / 30]))
    assert made["last_spend"] == pytest.approx(np.log([30 / 15, 1]))
    assert made["pace_30d"][0] == pytest.approx(np.log(1.5 / (4 / 92 * 30 + 0.5)))
    assert made["pace_90d"][0] == 0  # known for 85 days: no window of 90
    assert made["pace_180d"][1] == pytest.approx(np.log(0.5 / (1 / 192 * 180 + 0.5)))
    assert made["regularity"].tolist() == [0, 1]  # equal gaps, and nothing known
    assert made["basket_lines"] == pytest.approx(np.log([2, 1]))
    assert made["last_view"] == pytest.approx(np.log([26 / 30, 366 / 30]))
    assert made["views_30d"] == pytest.approx(np.log([4, 1]))
    usual = 3 / (85 + 30) * 30
    assert made["views_pace"] == pytest.approx([np.log(3.5 / (usual + 0.5)), 0])
    assert made["sessions_30d"] == pytest.approx(np.log([3, 1]))
    usual = 2 / (85 + 30) * 30
    assert made["sessions_pace"] == pytest.approx([np.log(2.5 / (usual + 0.5)), 0])


def test_features_of_views_and_e_mails_need_them():
    rows = [0, 1], [5, 6]
    assert available(known(behaviour(*rows))[0]) == PURCHASES
    assert available(known(behaviour(*rows, views=[0, 1]))[0]) == (*PURCHASES, *VIEWS)
    assert available(known(behaviour(*rows, emails=[1, 0]))[0]) == (*PURCHASES, *EMAILS)
    people = known(behaviour(*rows, views=[0, 1]))[0]
    assert plain_features(people, names=available(people)).shape == (2, 17)
    assert without(available(people), ["clicks", "emails"]) == PURCHASES
    older = (*PURCHASES, *VIEWS[:3])  # of models that knew no sessions
    assert plain_features(people, names=older).shape == (2, 15)


def test_a_shop_without_positive_amounts_has_a_middle_all_the_same():
    for net in ([0, 0], [-5, -9]):
        people, _ = known(behaviour([0, 1], [5, 6], net=net))
        assert middle_spend(people) > 0
    nobody, _ = known(behaviour([], []))
    assert middle_spend(nobody) > 0
