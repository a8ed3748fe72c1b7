"""People of edited shares are not put together with those from before."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from tessera.campaigns.definitions.definition import HoldoutShare
from tessera.campaigns.definitions.document import parse_definition
from tessera.campaigns.results.draws import DrawnRun, drawn_alike, drawn_otherwise_words
from tessera.campaigns.results.measuring import measure
from tests.campaigns.made import document, variant
from tests.campaigns.results.made import (
    EPOCH,
    PLANNED,
    Person,
    assigned,
    group,
    orders_of,
    purchases,
)

NOW = parse_definition(document(holdout={"share": 0.5}))
BEFORE = dataclasses.replace(NOW, holdout=HoldoutShare(share=0.1))


def people(count, *, prefix, day=0):
    return assigned(*(Person(f"{prefix}{n}", n % 2 == 0, day=day) for n in range(count)))


def test_runs_of_the_same_shares_count_together():
    edited = dataclasses.replace(
        NOW, name="Another name", holdout=HoldoutShare(share=0.5, salt="other")
    )
    alike = drawn_alike(
        [DrawnRun(people(4, prefix="a"), NOW), DrawnRun(people(6, prefix="b", day=7), edited)],
        edited,
    )
    assert (len(alike.people), alike.drawn_otherwise) == (10, 0)


def test_the_shares_that_drew_the_most_people_are_measured():
    runs = [
        DrawnRun(people(10, prefix="a"), BEFORE), DrawnRun(people(4, prefix="b", day=7), NOW),
        DrawnRun(people(3, prefix="c", day=1), BEFORE),
    ]  # fmt: skip
    for given in (runs, runs[::-1]):
        alike = drawn_alike(given, NOW)
        assert (len(alike.people), alike.drawn_otherwise) == (13, 4)
        assert alike.definition == BEFORE
    words = drawn_otherwise_words(alike)
    assert "13 people who were drawn with a holdout of 10%" in words
    assert "Other shares drew 4 people" in words


def test_of_equally_many_people_the_newest_are_measured():
    alike = drawn_alike(
        [DrawnRun(people(4, prefix="b", day=7), NOW), DrawnRun(people(4, prefix="a"), BEFORE)], NOW
    )
    assert alike.definition == NOW
    assert set(alike.people.day.tolist()) == {PLANNED + 7}


def test_a_person_of_two_draws_belongs_to_the_first_one():
    again = people(6, prefix="a", day=7)
    alike = drawn_alike([DrawnRun(again, NOW), DrawnRun(people(5, prefix="a"), BEFORE)], NOW)
    assert (len(alike.people), alike.drawn_otherwise) == (5, 1)
    assert alike.definition == BEFORE


@pytest.mark.parametrize("edited", [(variant("a", 0.9), variant("b", 0.1)), (variant("a"),)])
def test_edited_variants_are_another_draw(edited):
    halves, other = (
        parse_definition(document(holdout={"share": 0.5}, variants=list(variants)))
        for variants in ((variant("a", 0.5), variant("b", 0.5)), edited)
    )
    runs = [DrawnRun(people(3, prefix="a"), other), DrawnRun(people(9, prefix="b"), halves)]
    alike = drawn_alike(runs, other)
    assert (len(alike.people), alike.drawn_otherwise) == (9, 3)
    assert alike.definition.variants == halves.variants


def test_shares_put_together_would_show_an_effect_that_is_none():
    """Nobody reacts. In the second run people buy more often, and more of them are held out."""
    first = [
        *group(900, 90, prefix="t1", held_out=False),
        *group(100, 10, prefix="h1", held_out=True),
    ]
    late = [
        *group(500, 250, prefix="t2", held_out=False, day=1),
        *group(500, 250, prefix="h2", held_out=True, day=1),
    ]
    runs = [DrawnRun(assigned(*first), BEFORE), DrawnRun(assigned(*late), NOW)]
    alike = drawn_alike(runs, NOW)
    rows = purchases(*orders_of([*first, *late]))

    def whole(people, **known):
        return measure(people, rows, today=EPOCH + dt.timedelta(days=PLANNED + 60), **known)

    results = whole([alike.people], definition=alike.definition, others="Some.")
    assert not results.sizes.is_mismatch
    assert results.slices[0].conversion.difference == pytest.approx(0)
    assert (results.notes[0], results.inference) == ("Some.", "always_valid")
    share = dataclasses.replace(NOW, holdout=HoldoutShare(share=0.3))
    together = whole([one.people for one in runs], definition=share)
    assert together.slices[0].conversion.verdict == "less"
