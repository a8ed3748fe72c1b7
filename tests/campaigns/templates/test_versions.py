"""Drafts change, published versions do not."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from tessera.campaigns.templates.brand import BrandKit
from tessera.campaigns.templates.versions import next_version, read_version, write_version
from tessera.errors import InvalidInput
from tests.campaigns.templates.samples import FIELDS, block, brand, document

NOW = dt.datetime(2026, 11, 29, 12, tzinfo=dt.UTC)


def publish(draft=None, kit=None, last=None):
    return next_version(
        draft or document(),
        kit or brand(),
        last=last,
        customer_fields=FIELDS,
        by="user:1",
        now=NOW,
    )


def test_the_first_version_is_1_and_keeps_its_brand_kit():
    version = publish()
    assert version.number == 1
    assert (version.document, version.brand) == (document(), brand())
    assert (version.published_by, version.published_at) == ("user:1", NOW)


def test_a_changed_draft_becomes_the_next_version():
    changed = document(block("line"))
    version = publish(changed, last=publish())
    assert (version.number, version.document) == (2, changed)


def test_publishing_the_same_draft_again_makes_no_version():
    assert publish(last=publish()) is None


def test_another_brand_kit_makes_another_version():
    other = BrandKit({**brand().fields, "radius": 0})
    assert publish(kit=other, last=publish()).number == 2


def test_errors_block_publishing_and_name_the_first_place():
    with pytest.raises(InvalidInput, match=r"1 errors.*blocks\[1\] alt: it is empty"):
        publish(document(block("image", alt="")))


def test_a_version_survives_writing_and_reading():
    version = publish()
    assert read_version(json.loads(json.dumps(write_version(version)))) == version


@pytest.mark.parametrize("change", [{"number": None}, {"published_at": "soon"}, {"template": 5}])
def test_a_damaged_version_is_an_error(change):
    version = write_version(publish())
    with pytest.raises(InvalidInput, match=r"publish it again|expected an object"):
        read_version(version | change)
