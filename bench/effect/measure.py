"""``python -m bench effect [--data DIR] [--campaigns N]``: measure how often intervals are right.

A thousand campaigns in each of five worlds whose truth is known. Each is measured from end to end,
by the function that measures a campaign of a shop. Then as many of two variants, for each of three
pairs of messages. ``python -m bench variants`` measures these alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from bench.effect import hillstrom, variants
from bench.effect.simulations import DAYS, LOOKS_EVERY, PEOPLE, Coverage, fixed, peeking
from bench.effect.worlds import WORLDS
from bench.report import Ratio, Section, table

_FIGURES = (
    "buyers", "buyers Low", "buyers Middle", "buyers High", "orders", "revenue", "reactivation",
    "upsell", "churn",
)  # fmt: skip
_LEAST, _MOST, _FALSE = 0.93, 0.97, 0.05


def measure(folder: Path | None, *, campaigns: int, say: Callable[[str], None]) -> Section:
    """Measure the worlds, and Hillstrom's experiment where its data is."""
    once, daily = [], []
    for world in WORLDS:
        say(f"{world.name}: {campaigns:,} campaigns, looked at once")
        once.append(fixed(world, campaigns=campaigns))
        say(f"{world.name}: {campaigns:,} campaigns, looked at every {LOOKS_EVERY} days")
        daily.append(peeking(world, campaigns=campaigns))
    rows, ratios = hillstrom.rows_and_ratios(folder) if folder else ([], [])
    lines = (
        f"{campaigns:,} campaigns of {PEOPLE:,} people in each world. Simulated, with known truth.",
        "",
        "Looked at once: the share of 95 % intervals that have the truth in them.",
        "",
        *table(("World", *_FIGURES), [_covered(one) for one in once]),
        "",
        f"Looked at {DAYS // LOOKS_EVERY} times: right at every look, and ever with a verdict.",
        "",
        *table(
            ("World", "Buyers right", "Revenue right", "Buyers verdict", "Revenue verdict"),
            [_always(one) for one in daily],
        ),
        *(("", *table(hillstrom.HEAD, rows)) if rows else ()),
    )
    return Section("Effect of campaigns", lines, (*_ratios(once, daily), *ratios))


def measure_variants(*, campaigns: int, say: Callable[[str], None]) -> Section:
    """Measure variants against each other."""
    once, daily = [], []
    for pair in variants.PAIRS:
        say(f"{pair.name}: {campaigns:,} campaigns of two variants, looked at once and daily")
        once.append(variants.once(pair, campaigns=campaigns))
        daily.append(variants.daily(pair, campaigns=campaigns))
    figures = ("buyers", "orders", "revenue")
    head = ("Difference of two variants", *figures, *(f"{name} verdict" for name in figures))
    lines = (
        f"{campaigns:,} campaigns of {PEOPLE:,} people with each pair of messages.",
        "",
        "Looked at once: intervals with the truth in them, and verdicts.",
        "",
        *table(head, [_with_verdicts(one, figures) for one in once]),
        "",
        f"Looked at {DAYS // LOOKS_EVERY} times: right at every look, and ever with a verdict.",
        "",
        *table(head, [_with_verdicts(one, figures) for one in daily]),
    )
    return Section("Variants against each other", lines, tuple(_ratios(once, daily)))


def _with_verdicts(one: Coverage, figures: Sequence[str]) -> list[str]:
    shares = (*(one.covered[name] for name in figures), *(one.verdicts[name] for name in figures))
    return [one.world, *(f"{share:.1%}" for share in shares)]


def _covered(one: Coverage) -> list[str]:
    return [one.world, *(f"{one.covered[name]:.1%}" for name in _FIGURES)]


def _always(one: Coverage) -> list[str]:
    shares = (one.covered["buyers"], one.covered["revenue"])
    return [one.world, *(f"{share:.1%}" for share in (*shares, *one.verdicts.values()))]


def _ratios(once: Sequence[Coverage], daily: Sequence[Coverage]) -> Iterator[Ratio]:
    for one in once:
        covered = one.covered.values()
        yield Ratio(f"{one.world}: least coverage", min(covered), _LEAST, least=True)
        yield Ratio(f"{one.world}: most coverage", max(covered), _MOST)
    for one in daily:
        wrong = 1 - min(one.covered.values())
        yield Ratio(f"{one.world}: ever wrong, looked at daily", wrong, _FALSE)
