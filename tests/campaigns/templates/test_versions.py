"""Drafts change, published versions do not."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from tessera.campaigns.templates.brand import BrandKit
from tessera.campaigns.templates.versions import (
    SavedTemplate,
    duplicated,
    published,
    read_version,
    saved,
    write_version,
)
from tessera.errors import InvalidInput
from tests.campaigns.templates.samples import FIELDS, block, brand, document

NOW = dt.datetime(2026, 11, 29, 12, tzinfo=dt.UTC)
TEMPLATE = SavedTemplate(id="spring", name="Spring", draft=document())


def publish(template, kit=None):
    return published(template, kit or brand(), customer_fields=FIELDS, by="user:1", now=NOW)


def test_the_first_version_is_1_and_keeps_its_brand_kit():
    version = publish(TEMPLATE).version(1)
    assert (version.document, version.brand) == (document(), brand())
    assert (version.published_by, version.published_at) == ("user:1", NOW)


def test_a_changed_draft_becomes_the_next_version_and_leaves_the_first():
    once = publish(TEMPLATE)
    twice = publish(saved(once, document(block("line"))))
    assert [one.number for one in twice.versions] == [1, 2]
    assert twice.version(1) == once.version(1)
    assert twice.version(2).document == document(block("line"))


def test_publishing_the_same_draft_again_changes_nothing():
    once = publish(TEMPLATE)
    assert publish(once) == once


def test_another_brand_kit_makes_another_version():
    other = BrandKit({**brand().fields, "radius": 0})
    assert [one.number for one in publish(publish(TEMPLATE), other).versions] == [1, 2]


def test_errors_block_publishing_and_name_the_first_place():
    wrong = saved(TEMPLATE, document(block("image", alt="")))
    with pytest.raises(InvalidInput, match=r"1 errors.*blocks\[1\] alt: it is empty"):
        publish(wrong)


def test_a_version_that_is_not_there_is_an_error():
    with pytest.raises(InvalidInput, match=r"has no version 2\. Published are 1"):
        publish(TEMPLATE).version(2)


def test_a_copy_has_the_draft_and_no_versions():
    copy = duplicated(publish(TEMPLATE), id_="summer", name="Summer")
    assert copy == SavedTemplate(id="summer", name="Summer", draft=TEMPLATE.draft)


def test_a_version_survives_writing_and_reading():
    version = publish(TEMPLATE).version(1)
    assert read_version(json.loads(json.dumps(write_version(version)))) == version


@pytest.mark.parametrize("change", [{"number": None}, {"published_at": "soon"}, {"template": 5}])
def test_a_damaged_version_is_an_error(change):
    version = write_version(publish(TEMPLATE).version(1))
    with pytest.raises(InvalidInput, match=r"publish it again|expected an object"):
        read_version(version | change)
