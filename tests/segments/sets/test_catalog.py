"""A run's sets are checked by its settings alone."""

from __future__ import annotations

import pytest

from tessera.contracts import customer_profiles
from tessera.errors import InvalidInput
from tessera.segments.sets.catalog import SHIPPED, sets_for
from tessera.settings import RunSettings


def own(column: str = "views", *, name: str = "mine", prefix: str = "Viewer", label: str = "Looks"):
    document = {
        "meaning": "Who looks.",
        "prefix": prefix,
        "label": [{"label": label, "meaning": "Looks.", "action": "Show."}],
        "empty": {"label": "Blind", "meaning": "Never looked.", "action": "Wait."},
        "rule": [{"column": column, "ranges": {label: {}}}],
    }
    return RunSettings(segment_sets=(*RunSettings().segment_sets, name), sets={name: document})


def test_a_run_has_the_definition_and_the_sets_that_it_names():
    sets = sets_for(own())
    names = ["rfm", "value_tier", "churn_band", "mine", "value_at_risk"]
    assert list(sets.segment_labels) == names
    assert [one.name for one in sets.beside] == names[1:]


def test_a_label_is_another_text_in_a_column_than_in_a_segment():
    sets = sets_for(RunSettings())
    assert sets.column_labels["churn_band"] == ("High", "Middle", "Low", "Unknown")
    assert sets.segment_labels["churn_band"][0] == "Churn Risk High"
    assert sets.column_labels["segment"] == sets.segment_labels["rfm"]


def test_every_shipped_set_reads_columns_that_profiles_have():
    assert len(sets_for(RunSettings(segment_sets=SHIPPED)).beside) == len(SHIPPED)


def test_every_shipped_set_has_its_place_at_customer_profiles():
    assert customer_profiles.SETS == SHIPPED


@pytest.mark.parametrize("column", ["shoe_size", "customer_key", "as_of", "segment"])
def test_a_column_that_no_set_can_cut_is_refused(column):
    with pytest.raises(InvalidInput, match=f"'mine' reads the column '{column}', which profiles"):
        sets_for(own(column))


@pytest.mark.parametrize("name", ["monetary", "segment", "labels", "customer_id", "address"])
def test_a_set_cannot_be_called_as_a_column_is(name):
    with pytest.raises(InvalidInput, match=f"segment set '{name}' has the name of a column"):
        sets_for(own(name=name))


@pytest.mark.parametrize("name", ["chrun_band", "rfm"])
def test_a_set_that_is_unknown_cannot_be_omitted(name):
    with pytest.raises(InvalidInput, match=f"'omitted_sets', destination 'klaviyo': '{name}' is"):
        sets_for(RunSettings(omitted_sets={"klaviyo": [name]}))


def test_a_label_cannot_share_a_name_with_the_clusters_that_are_segments():
    with pytest.raises(InvalidInput, match="_RFM_Cluster_3"):
        sets_for(own(prefix="Cluster", label="3"))
