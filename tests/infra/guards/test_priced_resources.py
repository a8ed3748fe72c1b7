"""What docs/cost.md and the README count is what the shipped stage has."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.infra.template import App

PRICES = {
    "customer managed key": ("AWS::KMS::Key", 1.00),
    "secret": ("AWS::SecretsManager::Secret", 0.40),
    "alarm": ("AWS::CloudWatch::Alarm", 0.10),
}
WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
         "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen")  # fmt: skip


@pytest.mark.parametrize("priced", PRICES)
def test_the_cost_page_counts_what_costs_at_rest(priced: str, app: App, root: Path):
    kind, price = PRICES[priced]
    page = (root / "docs" / "cost.md").read_text(encoding="utf-8")
    # The first table is of the shipped stage, later ones of what is switched on besides.
    [(count, total)] = re.findall(rf"\| (\d+) {priced}s? \| \$(\d+\.\d\d) \|", page)[:1]
    assert int(count) == len(app.resources(kind)), f"docs/cost.md: {priced}s"
    assert float(total) == pytest.approx(int(count) * price)


def test_the_readme_counts_the_functions(app: App, root: Path):
    count = WORDS[len(app.resources("AWS::Lambda::Function"))]
    assert f"{count} Lambda functions" in (root / "README.md").read_text(encoding="utf-8")
