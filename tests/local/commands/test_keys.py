"""API keys from the command line, of the console here and of a deployed one."""

from __future__ import annotations

import contextlib

import pytest

from adapters.stores.api_keys import ApiKeys
from adapters.stores.write_keys import WriteKeys
from local.commands import keys as command
from tessera.errors import InvalidInput


class Documents(dict):
    """The table, as a dictionary by partition and place."""

    def put(self, pk, sk, document, *, until):
        self[pk, sk] = document

    def get(self, pk, sk):
        return super().get((pk, sk))

    def all(self, pk):
        return [document for (partition, _), document in self.items() if partition == pk]

    def delete(self, pk, sk):
        self.pop((pk, sk), None)


@pytest.fixture
def keys():
    return ApiKeys(Documents())


def create(keys, **what):
    return command.create(
        keys, **{"tenant": "acme", "role": "viewer", "label": "Tableau", "days": 30, **what}
    )


def test_a_key_is_made_listed_and_revoked(keys):
    text = create(keys)
    assert text.startswith("tsk_")
    [line] = command.listed(keys, tenant="acme")
    key_id = line.split()[0]
    assert key_id in text
    assert "viewer" in line
    assert "Tableau" in line
    command.revoke(keys, tenant="acme", key_id=key_id)
    assert list(command.listed(keys, tenant="acme")) == []


def test_an_operators_key_is_of_no_tenant(keys):
    text = create(keys, role="operator")
    assert list(command.listed(keys, tenant="acme")) == []
    [line] = command.listed(keys, tenant="")
    key_id = line.split()[0]
    assert key_id in text
    assert "operator" in line
    with pytest.raises(InvalidInput, match="operators have no key"):
        command.revoke(keys, tenant="", key_id="0" * 12)
    command.revoke(keys, tenant="", key_id=key_id)


def test_another_tenants_key_is_not_there(keys):
    create(keys)
    [line] = command.listed(keys, tenant="acme")
    assert list(command.listed(keys, tenant="shop")) == []
    with pytest.raises(InvalidInput, match="tenant 'shop' has no key"):
        command.revoke(keys, tenant="shop", key_id=line.split()[0])


def test_a_write_only_key_is_made_listed_and_revoked():
    keys = WriteKeys(Documents())
    text = command.create_write(keys, tenant="acme", label="www.shop.example", days=30)
    assert text.startswith("tsw_")
    [line] = command.listed(keys, tenant="acme")
    key_id = line.split()[0]
    assert key_id in text
    assert "write" in line
    command.revoke(keys, tenant="acme", key_id=key_id)
    assert list(command.listed(keys, tenant="acme")) == []


def test_a_stage_that_does_not_collect_says_what_to_set():
    with (
        pytest.raises(InvalidInput, match=r"'stream\.origins'"),
        command.write_keys_at("http://unused", stage="dev"),
    ):
        pass


def test_with_a_stage_its_own_table_is_used(monkeypatch):
    class Account:
        def client(self, service):
            return f"client of {service}"

    @contextlib.contextmanager
    def reaching(stage):
        assert stage == "prod"
        yield Account(), {"ApiTable": "table"}, None

    monkeypatch.setattr(command, "reaching_console", reaching)
    monkeypatch.setattr(command, "Items", lambda table, *, dynamodb: (table, dynamodb))
    monkeypatch.setattr(command, "ApiKeys", lambda items: items)
    with command.keys_at("http://unused", stage="prod") as made:
        assert made == ("table", "client of dynamodb")


def test_a_stage_without_a_console_says_what_to_do():
    with (
        pytest.raises(InvalidInput, match=r"'console\.enabled'"),
        command.keys_at("http://unused", stage="dev"),
    ):
        pass
