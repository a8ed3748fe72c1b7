"""What ``tessera run --from`` takes, and where its password comes from."""

from __future__ import annotations

from pathlib import Path

import pytest

from local.app.databases import password_of
from local.commands.run.database import DatabaseOptions
from tessera.errors import InvalidInput
from tessera.sources.databases.address import parse_address

URL = "postgresql://reader@db.example.com/shop"


def options(url=URL, *, source=None, mapping="shop.toml", slot="", reload=False):
    return DatabaseOptions.of(url, source=source, mapping=mapping, slot=slot, reload=reload)


def test_a_database_and_its_mapping_are_taken():
    taken = options(slot="tessera")
    assert (str(taken.address), taken.mapping) == (
        "postgresql://reader@db.example.com:5432/shop",
        Path("shop.toml"),
    )


def test_a_file_needs_neither():
    assert options(None, source=Path("orders.csv"), mapping=None) is None


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"url": None, "mapping": None}, "name a file"),
        ({"url": None, "source": Path("a.csv")}, "need --from"),
        ({"url": None, "source": Path("a.csv"), "mapping": None, "slot": "x"}, "need --from"),
        ({"source": Path("a.csv")}, "not both"),
        ({"mapping": None}, "tessera sources tables"),
        ({"mapping": "shopify"}, "needs --mapping FILE"),
    ],
)
def test_what_does_not_go_together_is_refused(given, words):
    with pytest.raises(InvalidInput, match=words):
        options(**given)


def test_the_password_comes_from_where_libpq_takes_it(tmp_path):
    address = parse_address(URL)
    file = tmp_path / ".pgpass"
    file.write_text("*:*:shop:reader:of-the-file\n", encoding="utf-8")
    file.chmod(0o600)
    here = {"HOME": str(tmp_path)}
    assert password_of(address, environment=here) == "of-the-file"
    assert password_of(address, environment={**here, "PGPASSWORD": "made-up"}) == "made-up"
    typed = parse_address(URL.replace("reader@", "reader:typed@"))
    assert password_of(typed, environment={"PGPASSWORD": "made-up"}) == "typed"


def test_a_file_of_passwords_that_others_can_read_is_refused(tmp_path):
    file = tmp_path / ".pgpass"
    file.write_text("*:*:*:*:made-up\n", encoding="utf-8")
    file.chmod(0o644)
    with pytest.raises(InvalidInput, match="chmod 600"):
        password_of(parse_address(URL), environment={"HOME": str(tmp_path)})
