"""Pinpoint's segments as settings of a run, as far as they say what profiles know.

Rules about the three scores become a segment definition, in which each customer has exactly one
segment. Rules about one other number become thresholds, where these can ask for it, and otherwise
segment sets. Everything else is listed with the reason.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from tessera.segments.cells import every_cell
from tessera.settings import RunSettings
from tessera.sources.pinpoint.conditions import (
    GUIDANCE,
    SCORES,
    OwnLabelsError,
    UntranslatableError,
)
from tessera.sources.pinpoint.names import Names
from tessera.sources.pinpoint.rules import Rule, name_of, rule_of
from tessera.sources.pinpoint.sets import IN, LABELS, label_table, sets_of, threshold_of

_GUIDANCE_SCALE, _SCALE = 4, 5


@dataclasses.dataclass(frozen=True)
class Became:
    """What became of one of Pinpoint's segments. ``place`` is empty where it has no equal."""

    name: str
    place: str
    why: str = ""


@dataclasses.dataclass
class Translation:
    """The settings that say the same, and what became of each segment."""

    settings: dict[str, Any] = dataclasses.field(default_factory=dict)
    became: list[Became] = dataclasses.field(default_factory=list)


def translate(segments: Sequence[Mapping[str, Any]], *, columns: Mapping[str, str]) -> Translation:
    """Return the settings that say what Pinpoint's segments say.

    Parameters
    ----------
    segments
        As the Pinpoint API gives them.
    columns
        What the user says that metrics and attributes mean: profile columns by their names.
    """
    done = Translation()
    scored, others = list[Rule](), list[Rule]()
    for segment in segments:
        try:
            rule = rule_of(segment, columns=columns)
            (scored if set(rule.columns) <= set(SCORES) else others).append(rule)
        except OwnLabelsError:
            outcome = "made of Tessera's own labels: every destination has it already"
            done.became.append(Became(name_of(segment), "", outcome))
        except UntranslatableError as reason:
            done.became.append(Became(name_of(segment), "", str(reason)))
        except (AttributeError, LookupError, TypeError):
            outcome = "its conditions are not of the form that Pinpoint gives"
            done.became.append(Became(name_of(segment), "", outcome))
    names = Names(LABELS)
    _define(scored, done, names)
    for rule in others:
        try:
            _add(rule, done, names)
        except UntranslatableError as reason:
            done.became.append(Became(rule.name, "", str(reason)))
    return done


def _define(rules: Sequence[Rule], done: Translation, names: Names) -> None:
    """Make a definition of rules about scores. A cell that two want is the first one's."""
    guidance = all(one.name in GUIDANCE for rule in rules for one in rule.conditions)
    scale = _GUIDANCE_SCALE if guidance else _SCALE
    taken: dict[str, str] = {}
    tables: list[dict[str, Any]] = []
    for rule in rules:
        wanted = [cell for cell in every_cell(scale) if rule.holds(cell)]
        cells = [cell for cell in wanted if cell not in taken]
        if not cells:
            why = "other segments have all of its scores" if wanted else "no score is in it"
            done.became.append(Became(rule.name, "", why))
            continue
        label = names.label(rule.name)
        shared = sorted({taken[cell] for cell in wanted if cell in taken})
        lost = f"without {len(wanted) - len(cells)} of {len(wanted)} cells, which belong to "
        why = lost + ", ".join(shared) if shared else ""
        done.became.append(Became(rule.name, f"segment {label!r} of the definition", why))
        taken |= dict.fromkeys(cells, label)
        tables.append({**label_table(label, f"Pinpoint's segment {rule.name}."), "cells": cells})
    if not tables:
        return
    definition: dict[str, Any] = {
        "name": "pinpoint",
        "meaning": "The segments by score that were in Pinpoint.",
        "scale": scale,
        "measures": "guidance" if guidance else "orders",
        "segment": tables,
    }
    if len(taken) < scale**3:
        rest = names.label("Others")
        definition["otherwise"] = label_table(rest, "None of the segments that were in Pinpoint.")
    done.settings["definition"] = definition


def _add(rule: Rule, done: Translation, names: Names) -> None:
    """Say one number as a threshold where that may be, anything else as segment sets."""
    if threshold := threshold_of(rule):
        label = names.label(rule.name)
        done.settings.setdefault("thresholds", {})[label] = threshold
        done.became.append(Became(rule.name, f"threshold {label!r}"))
        return
    prefix, name = names.for_set(rule.name)
    made = sets_of(rule, prefix=prefix, name=name)
    done.settings.setdefault("segment_sets", list(RunSettings().segment_sets))
    done.settings["segment_sets"] += list(made)
    done.settings.setdefault("sets", {}).update(made)
    done.became.append(Became(rule.name, f"label {IN!r} of the segment set {name!r}"))
