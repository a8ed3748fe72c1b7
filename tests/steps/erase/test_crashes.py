"""An erasure that dies at any moment goes on from there, and its receipt is true every time."""

from __future__ import annotations

import pytest

from tests.bucket_in_memory import WriterDied
from tests.steps.erase.conftest import ANN, SECRETS_OF_ANN, ErasedShop

TWICE = 3  # every so many deaths the process dies a second time, after it went on


def left(shop: ErasedShop) -> list[str]:
    return [one for one in shop.hits(*SECRETS_OF_ANN) if "uploads/other/" not in one]


def dies(shop: ErasedShop, *, after: int) -> bool:
    """Let the process die after so many changes. Return whether it did."""
    shop.deaths.left = after
    try:
        shop.go_on()
    except WriterDied:
        return True
    finally:
        shop.deaths.left = -1
    return False


@pytest.fixture(scope="module")
def undisturbed(stored_shop, tmp_path_factory):
    """The receipt without a crash, and how many changes it takes."""
    shop = stored_shop.copied(tmp_path_factory.mktemp("calm") / "work")
    shop.ask(ANN)
    shop.deaths.left = 1_000_000
    receipt = shop.go_on()["receipt"]
    return receipt, 1_000_000 - shop.deaths.left


@pytest.mark.parametrize("residue", range(4))
def test_a_death_after_any_change_costs_nothing_but_time(
    stored_shop, undisturbed, tmp_path, residue
):
    calm, changes = undisturbed
    for after in range(residue * 3, changes, 12):
        shop = stored_shop.copied(tmp_path / f"{after}")
        shop.ask(ANN)
        assert dies(shop, after=after)
        signed = shop.tools().files.receipt()
        assert signed is None or signed["receipt"]["status"] == "complete"
        assert signed is None or left(shop) == []
        if after % TWICE == 0:
            dies(shop, after=after % 7)
        receipt = shop.go_on()["receipt"]
        assert receipt == calm
        assert left(shop) == []
