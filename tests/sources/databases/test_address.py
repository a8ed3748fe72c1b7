"""The URL of a database, and its password."""

import pytest

from tessera.errors import InvalidInput
from tessera.sources.databases.address import Address, is_address, parse_address, password_in

URL = "postgresql://reader@db.example.com/shop"


def test_a_url_has_what_libpq_reads_of_it() -> None:
    address = parse_address(
        "postgres://re%40der:se%3Acret@db.example.com:6543/my%20shop?sslmode=verify-full"
        "&sslrootcert=/etc/root.pem"
    )

    assert (address.user, address.password) == ("re@der", "se:cret")
    assert address.name == "db.example.com:6543/my shop"
    assert (address.ssl_mode, address.ssl_root) == ("verify-full", "/etc/root.pem")


def test_a_socket_can_be_the_host() -> None:
    assert parse_address("postgresql://me@/shop?host=/run/postgresql").host == "/run/postgresql"


def test_a_password_is_in_no_text_of_the_address() -> None:
    address = parse_address("postgresql://reader:se-cret@db.example.com/shop")

    assert "se-cret" not in f"{address} {address!r} {address.name}"


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("postgresql://db.example.com/shop", "no user name"),
        ("postgresql://reader@/shop", "no host"),
        ("postgresql://reader@db.example.com", "no database"),
        ("postgresql://reader@db.example.com:port/shop", "can't be read"),
        (f"{URL}?sslmode=always", "'always': expected one of disable"),
        (f"{URL}?options=-c", "'options': expected one of"),
        ("mysql://reader@db.example.com/shop", "AWS DMS reads MySQL"),
    ],
)
def test_a_url_that_can_not_be_read_says_what_is_expected(url: str, words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        parse_address(url)


def test_a_broken_url_does_not_show_its_password() -> None:
    with pytest.raises(InvalidInput) as refused:
        parse_address("postgresql://reader:se-cret@db.example.com:port/shop")

    assert "se-cret" not in str(refused.value)


def test_a_file_is_no_address() -> None:
    assert is_address(URL)
    assert not is_address("orders.csv")
    assert not is_address("postgresql")


@pytest.mark.parametrize(
    ("lines", "password"),
    [
        ("db.example.com:5432:shop:reader:one", "one"),
        ("*:*:*:reader:two", "two"),
        ("# db.example.com:5432:shop:reader:no\n*:*:*:*:t\\:hr\\\\ee", "t:hr\\ee"),
        ("*:*:*:other:no\n*:*:*:reader:four:five", "four:five"),
        ("db.example.com:5433:shop:reader:no", ""),
        ("nonsense", ""),
    ],
)
def test_the_first_line_that_matches_has_the_password(lines: str, password: str) -> None:
    address = Address(host="db.example.com", port=5432, database="shop", user="reader")

    assert password_in(lines, address) == password
