"""The fitted models in figures."""

from __future__ import annotations

from tessera.records.codec import encode


def test_a_data_scientist_finds_the_fits(shop_records, outline):
    records = shop_records("cdnow")
    kept = encode(records.score.models)
    model = kept["model"]
    sorted_model = {
        **model,
        "parameters_per_week": dict(sorted(model["parameters_per_week"].items())),
    }
    models = {**kept, "model": sorted_model}
    text = " ".join(outline(shop_records("cdnow", score={"models": models})).text.split())
    weekly = records.score.models.model.parameters_per_week
    assert [text.index(f" {name} {weekly[name]:.4g} ±") for name in weekly] == sorted(
        text.index(f" {name} {weekly[name]:.4g} ±") for name in weekly
    )
    for expected in (
        "the forecast starts from it, whole history", "tested, before the cut", "q 4.19 ± 0.3",
    ):  # fmt: skip
        assert expected in text
