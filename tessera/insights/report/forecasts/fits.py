"""The fitted models in figures, for those who check them."""

from __future__ import annotations

from tessera.insights import figures
from tessera.insights.report.drawing.markup import Child, Html, element
from tessera.insights.report.drawing.table import Heading, table
from tessera.insights.report.forecasts.corrections import corrections
from tessera.records.scoring.forecast_models import LearntModels, PurchaseFit, SpendFit

_TITLES = {
    "bg_nbd": "BG/NBD", "mbg_nbd": "MBG/NBD", "pareto_nbd": "Pareto/NBD",
    "gamma_gamma": "Gamma-Gamma",
}  # fmt: skip
_ORDER = ("r", "alpha", "a", "b", "s", "beta")  # as the literature lists them


def model_title(name: str) -> str:
    """Return a model's name as the literature writes it."""
    return _TITLES.get(name, name)


def details(models: LearntModels) -> Html | None:
    """Return parameters, likelihoods and warnings, folded. None when nothing was fitted."""
    body = [_purchase(fit, "tested, before the cut") for fit in models.tested]
    if published := models.model:
        body.insert(0, _purchase(published, "the forecast starts from it, whole history"))
    if spend := models.spend:
        body.append(_spend(spend))
    if not body:
        return None
    columns = [
        Heading("Model"), Heading("Log-likelihood", number=True), Heading("Customers", number=True),
        Heading("Parameters", wide=True), Heading("Warnings", wide=True),
    ]  # fmt: skip
    return element(
        "details",
        element("summary", "The models in figures"),
        table(
            "Fitted by maximum likelihood; ± is a standard error where there is one. Parameters "
            "count weeks, log-likelihoods are of densities in days",
            columns,
            body,
        ),
        corrections(models.learnt.orders, models.learnt.chances) if models.learnt else None,
    )


def _purchase(fit: PurchaseFit, role: str) -> list[Child]:
    weekly, daily = fit.parameters_per_week, fit.parameters
    errors = fit.standard_errors or {}
    # A time's standard error shrinks with its unit.
    texts = [
        _parameter(name, value, errors.get(name), scale=value / daily[name] if daily[name] else 1)
        for name, value in sorted(weekly.items(), key=_place)
    ]
    return _row(fit.name, fit, texts, role=role)


def _place(parameter: tuple[str, float]) -> int:
    name, _ = parameter
    return _ORDER.index(name) if name in _ORDER else len(_ORDER)


def _spend(fit: SpendFit) -> list[Child]:
    model, errors = fit.model, fit.standard_errors or {}
    texts = [_parameter(name, getattr(model, name), errors.get(name)) for name in ("p", "q", "v")]
    texts.append(f"mean {figures.number(model.population_mean, 2)}")
    return _row(model.name, fit, texts, role="spend, whole history")


def _row(name: str, fit: PurchaseFit | SpendFit, texts: list[str], *, role: str) -> list[Child]:
    warnings = "; ".join(fit.warnings)
    return [
        [model_title(name), element("small", role)],
        figures.number(fit.log_likelihood, 2),
        figures.number(fit.customers),
        [element("div", element("code", text)) for text in texts],
        warnings or figures.NONE,
    ]


def _parameter(name: str, value: float, error: float | None, *, scale: float = 1) -> str:
    text = f"{name} {value:.4g}"
    return text if error is None else f"{text} ± {error * scale:.2g}"
