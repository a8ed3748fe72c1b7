"""The churn model beside tuned boosting libraries, on customers that none of them had seen.

Telco and generated subscribers always. DIR of ``--data DIR`` may hold two public tables whose terms
keep them out of this project: ``bank-full.csv.gz`` (without its column ``duration``, which is only
known after the call) and ``online_shoppers_intention.csv.gz``.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from bench.peers import ROOT, PeerMissing, interpreter
from bench.report import Ratio, Section, table
from bench.subscribers import Subscribers, subscribers
from tessera.customers.subscriptions.attributes import Floats
from tessera.customers.subscriptions.churn import train_churn
from tessera.customers.subscriptions.encoding import encode
from tessera.customers.subscriptions.quality import measure as quality_of
from tessera.records.scoring.churn import Quality
from tessera.sources.attributes.reading import parse_attributes

_TELCO = ROOT / "tests" / "data" / "tables" / "telco.csv.gz"
_OURS_PEER = "scikit-learn"  # in the project's own environment
_PEERS = (_OURS_PEER, "lightgbm", "xgboost", "catboost")
_BEHIND = 0.003  # AUC, at most, of the best peer
_SEED = 42
_TABLES = {
    "bank": ("bank-full.csv.gz", "y", {"duration"}),
    "online shoppers": ("online_shoppers_intention.csv.gz", "Revenue", set()),
}


def measure(data: Path | None, *, say: Callable[[str], None]) -> Section:
    """Train on each table, five folds, ours and the peers'."""
    rows, ratios, missing = [], [], {}
    for name, shop in _shops(data):
        started = time.process_time()
        record = train_churn(shop.attributes, label=shop.label, observed=shop.observed, seed=_SEED)
        took = time.process_time() - started
        if record.metrics is None:
            raise ValueError(f"{name}: {record.reason}")
        kilobytes = len(json.dumps(record.model)) / 1000
        rows.append(_row(name, "Tessera", record.metrics, took, f"{kilobytes:.0f}"))
        say(" ".join(rows[-1]))
        best = 0.0
        for peer in _PEERS:
            try:
                quality, took = _peer(peer, shop)
            except PeerMissing as reason:
                missing[peer] = f"{peer} is omitted, it can't be installed here: {reason}"
                continue
            rows.append(_row(name, peer, quality, took, ""))
            say(" ".join(rows[-1]))
            best = max(best, quality.auc)
        what = f"{name}: AUC below the best peer's, thousandths"
        ratios.append(Ratio(what, 1000 * (best - record.metrics.auc), 1000 * _BEHIND))
    head = ["customers", "model", "AUC", "log loss", "Brier", "ECE", "CPU s", "record KB"]
    lines = (*table(head, rows), *(["", *missing.values()] if missing else []))
    return Section("Churn, five folds, beside tuned boosting libraries", lines, tuple(ratios))


def _shops(data: Path | None) -> Iterator[tuple[str, Subscribers]]:
    yield "Telco", _parsed(_TELCO.name, gzip.decompress(_TELCO.read_bytes()))
    yield "generated, 3,000", subscribers(3_000, seed=5)
    yield "generated, sharp, 6,000", subscribers(6_000, seed=5, sharpness=4.0)
    for name, (file, label, dropped) in _TABLES.items():
        for path in data.rglob(file) if data else ():
            yield name, _parsed(file, _relabelled(path, label=label, dropped=dropped))


def _relabelled(path: Path, *, label: str, dropped: set[str]) -> bytes:
    """Return a table with an id for each row, and its label as ``churn``."""
    out = io.StringIO()
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        lines = csv.DictReader(file)
        kept = [name for name in lines.fieldnames or () if name not in dropped | {label}]
        writer = csv.writer(out)
        writer.writerow(["CustomerID", *kept, "churn"])
        for place, line in enumerate(lines):
            writer.writerow([f"c{place}", *(line[name] for name in kept), line[label]])
    return out.getvalue().encode()


def _parsed(name: str, content: bytes) -> Subscribers:
    file = parse_attributes(content, name=name.removesuffix(".gz"))
    if file.cancelled is None:
        raise ValueError(f"{name} has no label column")
    return Subscribers(file.attributes, file.cancelled, np.zeros(len(file.cancelled)))


def _peer(peer: str, shop: Subscribers) -> tuple[Quality, float]:
    python = (
        Path(sys.executable)
        if peer == _OURS_PEER
        else interpreter("boosting", contenders="churn_peers.py")
    )
    encoding = encode(shop.attributes, day=shop.observed)
    cancelled = shop.label == 1
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "table.npz"
        np.savez(
            file,
            matrix=encoding.matrix(shop.attributes, day=shop.observed),
            cancelled=cancelled,
            categories=[feature.kind == "category" for feature in encoding.features],
        )
        program = [str(python), "bench/churn_peers.py", peer, str(file), folder]
        subprocess.run(program, cwd=ROOT, check=True)
        chances: Floats = np.load(Path(folder) / "chances.npy").astype(np.float64)
        took = json.loads((Path(folder) / "result.json").read_text())["cpu_seconds"]
    base = np.full(len(chances), cancelled.mean())
    return quality_of(np.clip(chances, 1e-6, 1 - 1e-6), cancelled, base=base), float(took)


def _row(name: str, model: str, quality: Quality, took: float, kilobytes: str) -> list[str]:
    figures = (quality.auc, quality.log_loss, quality.brier, quality.ece)
    return [name, model, *(f"{figure:.4f}" for figure in figures), f"{took:.0f}", kilobytes]
