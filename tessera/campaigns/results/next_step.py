"""What to do next: go on, send to some, wait, enlarge the holdout of a copy, stop, or check."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from tessera.campaigns.results.campaign_results import GroupSizes, ResultAdvice
from tessera.campaigns.results.effects import ConversionEffect, EffectSlice
from tessera.campaigns.results.statistics.detectable import LARGEST_SHARE
from tessera.campaigns.results.statistics.inference import Inference
from tessera.campaigns.results.variant_comparison import VariantComparison
from tessera.campaigns.results.words import LIFT, people_for_a_tenth
from tessera.plurals import plural

_LABELS = {"churn_band": "churn risk", "value_tier": "value"}


def next_step(
    slices: Sequence[EffectSlice],
    *,
    sizes: GroupSizes,
    waiting: int,
    inference: Inference,
    variants: Sequence[VariantComparison] = (),
) -> ResultAdvice:
    """Return what to do after a look.

    Parameters
    ----------
    slices
        Of all people, which come first, and of their groups.
    sizes
        Of the groups.
    waiting
        People who do not count yet.
    inference
        How often results are looked at.
    variants
        Each pair of them.
    """
    advice = _advice(slices, sizes=sizes, waiting=waiting, inference=inference)
    return dataclasses.replace(advice, words=advice.words + _better(variants))


def _advice(
    slices: Sequence[EffectSlice], *, sizes: GroupSizes, waiting: int, inference: Inference
) -> ResultAdvice:
    whole, money = slices[0].conversion, slices[0].revenue
    if sizes.is_mismatch:
        words = (
            "Check the groups. Their sizes do not fit the holdout, so people were lost after the "
            "draw. Until that is mended no figure can be trusted."
        )
        return ResultAdvice(step="check", groups=(), words=words)
    if whole.verdict == "more":
        if money is not None and money.high < 0:
            words = (
                "Do not go on as it is. More people bought, and revenue fell: its whole interval "
                "is below 0. Change the offer in a copy."
            )
            return ResultAdvice(step="stop", groups=(), words=words)
        return _worked(slices)
    if whole.verdict == "less":
        if money is not None and money.low > 0:
            words = (
                "Look closer before you stop. Fewer people bought, and revenue rose: its whole "
                "interval is above 0. Send to more people until both are clear."
            )
            return ResultAdvice(step="enlarge", groups=(), words=words)
        words = (
            "Stop. Those who were written to bought less often than the held out. Change the "
            "message or the audience in a copy."
        )
        return ResultAdvice(step="stop", groups=(), words=words)
    return _inconclusive(slices, sizes=sizes, waiting=waiting, inference=inference)


def _better(variants: Sequence[VariantComparison]) -> str:
    """Return which variants bring more buyers than others, and no less money."""
    pairs = [
        (one.variant, one.against) if one.verdict == "more" else (one.against, one.variant)
        for one in variants
        if one.verdict in ("more", "less")
        and (one.revenue is None or one.revenue.verdict in ("inconclusive", one.verdict))
    ]
    return "".join(f" Variant {better} brings more buyers than {worse}." for better, worse in pairs)


def _worked(slices: Sequence[EffectSlice]) -> ResultAdvice:
    if hurt := _labels(slices, "less"):
        words = (
            f"Send it to fewer people. It works for all together, and those with {_listed(hurt)} "
            "bought less often."
        )
        return ResultAdvice(step="send_to_some", groups=tuple(hurt.values()), words=words)
    best = _labels(slices, "more")
    where = f" It is clearest for those with {_listed(best)}." if best else ""
    words = f"Go on as it is, and keep the holdout: an effect can wear off.{where}"
    return ResultAdvice(step="go_on", groups=tuple(best.values()), words=words)


def _inconclusive(
    slices: Sequence[EffectSlice], *, sizes: GroupSizes, waiting: int, inference: Inference
) -> ResultAdvice:
    if best := _labels(slices, "more"):
        words = (
            f"Send it to those with {_listed(best)}. There it worked, corrected for the "
            "other groups of its kind. For all people together nothing is shown."
        )
        return ResultAdvice(step="send_to_some", groups=tuple(best.values()), words=words)
    if earned := _earned(slices[0]):
        return ResultAdvice(step="go_on", groups=(), words=earned)
    whole = slices[0].conversion
    if whole.lift is not None and whole.lift.high < LIFT:
        words = (
            f"Stop, or change the message. An effect of a tenth more buyers is ruled out: at most "
            f"{whole.lift.high:+.1%} fits what was measured.{_revenue_too(slices[0])}"
        )
        return ResultAdvice(step="stop", groups=(), words=words)
    needed = people_for_a_tenth(whole, share=sizes.expected_share, inference=inference)
    if waiting and (needed is None or whole.treated + whole.held_out < needed):
        words = f"Wait. The days of result of {plural(waiting, 'person', 'people')} are not over."
        return ResultAdvice(step="wait", groups=(), words=words)
    return ResultAdvice(step="enlarge", groups=(), words=_enlarged(slices, sizes, inference))


def _enlarged(slices: Sequence[EffectSlice], sizes: GroupSizes, inference: Inference) -> str:
    whole, share = slices[0].conversion, sizes.expected_share
    needed = people_for_a_tenth(whole, share=share, inference=inference)
    least = people_for_a_tenth(whole, share=LARGEST_SHARE, inference=inference)
    if needed is None or least is None:
        return f"Send it to more people: {_no_answer(whole)}"
    if whole.treated + whole.held_out >= needed:
        return (
            "Send it to more people only for an effect below a tenth more buyers. About "
            f"{needed:,} people show a tenth in 80 of 100 campaigns, and as many count already."
        )
    if share >= LARGEST_SHARE:
        return f"Send it to more people: a tenth more buyers shows with about {needed:,}."
    return (
        f"Send it to more people, or copy it with a larger holdout. A tenth more buyers shows with "
        f"about {needed:,} people, and with about {least:,} where half of them are held out."
    )


def _no_answer(whole: ConversionEffect) -> str:
    """Return why buyers say nothing about how many people it takes."""
    if not whole.held_out:
        return "nobody who counts so far is held out, so there is nothing to compare with."
    if whole.held_out_buyers == 0:
        return "so far nobody of the held out has bought."
    if whole.held_out_buyers == whole.held_out:
        return "all of the held out have bought, so there is nothing to add."
    return "so far too few count."


def _earned(whole: EffectSlice) -> str:
    """Return why to go on where revenue alone is clear, empty where it is not."""
    if whole.revenue is None or whole.revenue.low <= 0:
        return ""
    return (
        "Go on as it is, and keep the holdout. The number of buyers shows nothing, and revenue "
        "rose: its whole interval is above 0."
    )


def _revenue_too(whole: EffectSlice) -> str:
    """Return what revenue says beside buyers that a tenth is ruled out for."""
    if whole.revenue is None:
        return ""
    if whole.revenue.high < 0:
        return " Revenue fell too: its whole interval is below 0."
    return " The interval of revenue has 0 in it."


def _labels(slices: Sequence[EffectSlice], verdict: str) -> dict[str, str]:
    """Return the churn bands and value tiers with a verdict, by their words.

    Those that bought more often for less money are none to send to.
    """
    return {
        f"{_LABELS[one.by]} {one.group}": one.group
        for one in slices
        if one.by in _LABELS
        and one.conversion.verdict == verdict
        and not (verdict == "more" and one.revenue is not None and one.revenue.high < 0)
    }


def _listed(labels: dict[str, str]) -> str:
    return ", ".join(labels)
