"""People count once, as first assigned, with what they bought in their own days of result."""

from __future__ import annotations

import numpy as np

from tessera.campaigns.results.assignments import bought_within, first_assignments, is_closed
from tests.campaigns.results.made import PLANNED, Person, assigned, purchases


def test_a_person_keeps_the_group_band_and_day_of_the_first_run():
    later = assigned(Person("ann", variant="b", band="Low", day=40), Person("bo", day=40))
    first = assigned(Person("ann", held_out=True, band="High"), Person("cy", day=2))
    people = first_assignments([later, first])
    rows = zip(
        people.recipient.tolist(), people.day.tolist(), people.is_held_out.tolist(),
        people.variant.tolist(), people.churn_band.tolist(), strict=True,
    )  # fmt: skip
    assert sorted(rows) == [
        (b"ann", PLANNED, True, "a", "High"),
        (b"bo", PLANNED + 40, False, "a", "High"),
        (b"cy", PLANNED + 2, False, "a", "High"),
    ]


def test_a_person_counts_when_the_days_of_result_are_over():
    people = assigned(Person("ann"), Person("bo", day=1))
    assert is_closed(people, today=PLANNED + 30, result_days=30).tolist() == [True, False]
    assert is_closed(people, today=PLANNED + 29, result_days=30).tolist() == [False, False]


def test_only_purchases_within_a_persons_own_days_count():
    people = assigned(Person("ann"), Person("bo", day=5), Person("cy"))
    orders, revenue = bought_within(
        people,
        purchases(
            ("ann", -1, 100.0),  # before
            ("ann", 0, 10.0),
            ("ann", 9, 20.0),
            ("ann", 10, 100.0),  # after
            ("bo", 4, 100.0),
            ("bo", 14, 5.0),
            ("cy", 2, -7.0),  # a refund alone is no purchase
            ("else", 2, 9.0),
        ),
        first_day=0,
        days=10,
    )
    assert orders.tolist() == [2, 1, 0]
    assert revenue.tolist() == [30.0, 5.0, -7.0]


def test_days_before_the_assignment_can_be_read_too():
    people = assigned(Person("ann", day=20))
    rows = purchases(("ann", 9, 1.0), ("ann", 10, 2.0), ("ann", 19, 4.0), ("ann", 20, 8.0))
    assert bought_within(people, rows, first_day=-10, days=10).revenue.tolist() == [6.0]


def test_a_customer_with_two_addresses_counts_for_each_and_a_stranger_for_none():
    people = assigned(
        Person("old", customer="ann"), Person("new", customer="ann"), Person("list", customer="")
    )
    orders, revenue = bought_within(
        people, purchases(("ann", 2, 10.0), ("", 2, 99.0)), first_day=0, days=10
    )
    assert orders.tolist() == [1, 1, 0]
    assert revenue.tolist() == [10.0, 10.0, 0.0]


def test_sums_do_not_depend_on_the_order_of_rows():
    chance = np.random.default_rng(3)
    names = [f"c{number}" for number in range(50)]
    rows = [
        (names[chance.integers(50)], int(chance.integers(-5, 20)), float(chance.integers(1, 90)))
        for _ in range(400)
    ]
    people = [Person(name, day=int(chance.integers(0, 6))) for name in names]
    expected = [
        sum(amount for name, day, amount in rows if name == one.name and 0 <= day - one.day < 10)
        for one in people
    ]
    for order in (rows, rows[::-1]):
        _, revenue = bought_within(assigned(*people), purchases(*order), first_day=0, days=10)
        assert revenue.tolist() == expected
