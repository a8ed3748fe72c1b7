"""Every place × tenant: no key of one tenant is a key, or a folder, of another one."""

from __future__ import annotations

import inspect

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from adapters.campaigns import keys
from adapters.stores.run_queue import QUEUE
from tessera import naming

TENANT = st.from_regex(r"[a-z0-9](?:[a-z0-9-]{0,46}[a-z0-9])?", fullmatch=True)
SAMPLE = {
    "run_id": "0" * 16, "name": "x", "upload_id": "u", "destination": "export", "as_of": "d",
    "run": "r", "digit": "0", "customer_key": "k", "template_id": "t", "number": 1,
}  # fmt: skip
ROOTS = (naming.TENANTS, naming.UPLOADS, naming.OPEN_PARTS)


def taking_a_tenant(module):
    """Return a module's functions that make a key of a tenant."""
    return {
        name: function
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__
        and next(iter(inspect.signature(function).parameters), "") == "tenant"
        and not name.startswith("_")
        and name not in {"check_tenant"}
    }


PLACES = taking_a_tenant(naming)
PARTITIONS = taking_a_tenant(keys)


def made(function, tenant):
    """Return what a function makes for a tenant, or several of it."""
    needed = [
        one
        for one in list(inspect.signature(function).parameters.values())[1:]
        if one.default is one.empty
    ]
    given_ = {one.name: SAMPLE.get(one.name, "x") for one in needed}
    value = function(
        tenant, *(given_[one.name] for one in needed if one.kind is not one.KEYWORD_ONLY),
        **{one.name: given_[one.name] for one in needed if one.kind is one.KEYWORD_ONLY},
    )  # fmt: skip
    return (value,) if isinstance(value, str) else tuple(value)


def test_there_are_places_to_look_at():
    assert len(PLACES) > 20
    assert len(PARTITIONS) > 8


@pytest.mark.parametrize("name", sorted(PLACES))
def test_every_object_of_a_tenant_is_below_its_own_folder(name):
    for key in made(PLACES[name], "acme"):
        own = [f"{root}acme/" for root in ROOTS] + [naming.latest_run_key("acme")]
        assert key.startswith(tuple(own)), key


@given(one=TENANT, other=TENANT)
def test_no_tenants_object_is_below_the_folder_of_another(one, other):
    assume(one != other)
    for function in PLACES.values():
        for mine in made(function, one):
            assert not mine.startswith(f"{naming.TENANTS}{other}/")
            assert not mine.startswith(f"{naming.UPLOADS}{other}/")
            assert mine not in made(function, other)


@given(one=TENANT, other=TENANT)
def test_no_tenants_items_are_in_the_partition_of_another(one, other):
    assume(one != other)
    for function in PARTITIONS.values():
        [mine] = made(function, one)
        assert mine.startswith(f"{one}#")
        assert not mine.startswith(f"{other}#")
    assert one + QUEUE != other
