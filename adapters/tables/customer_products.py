"""Who bought which product as numbers, and recommendations as a column."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from adapters.tables.parquet import iter_batches
from tessera.contracts.tables import CUSTOMER_PRODUCTS
from tessera.customers.recommending.bought import BoughtProducts, Ints, Small
from tessera.customers.recommending.shelf import NOWHERE

_COLUMNS = CUSTOMER_PRODUCTS.names
_NUMBERS = pa.int64()


@dataclasses.dataclass(frozen=True, kw_only=True)
class CustomerProducts:
    """Who bought which product.

    Parameters
    ----------
    bought
        All customers in their order, those without products too.
    products, names, categories
        What each product number stands for, in the order of the text, what it is called, and its
        category.
    """

    bought: BoughtProducts
    products: list[str]
    names: list[str | None]
    categories: list[str | None]

    def column(self, chosen: Small) -> pa.Array:
        """Return recommendations as JSON, shape (customers, most). Empty where there is none."""
        texts = pa.array([json.dumps(text, ensure_ascii=False) for text in self.products])
        some = chosen != NOWHERE
        ends = np.concatenate(([0], np.cumsum(some.sum(axis=1), dtype=np.int64)))
        lists = pa.LargeListArray.from_arrays(
            pa.array(ends, pa.int64()), texts.take(pa.array(chosen[some]))
        )
        joined = pc.binary_join(lists, ",")
        text = pc.binary_join_element_wise("[", joined, "]", "")
        return pc.if_else(pa.array(some.any(axis=1)), text, pa.scalar(None, pa.string()))


def read_customer_products(folder: Path, *, keys: Iterable[pa.ChunkedArray]) -> CustomerProducts:
    """Read CUSTOMER_PRODUCTS, in any order.

    Parameters
    ----------
    folder
        Holds its files.
    keys
        All customers, each once, some after the others. Read where anybody bought a product.

    Raises
    ------
    AssertionError
        A buyer is not among the customers.
    """
    numbers: dict[str, int] = {}
    called: dict[str, Sequence[str | None]] = {}
    buyers, sizes, products, days = [], [], [], []
    for batch in iter_batches(folder, columns=_COLUMNS):
        if not len(batch):
            continue
        starts = _starts(batch.column("customer_key"))
        buyers.append(batch.column("customer_key").take(pa.array(starts)))
        sizes.append(np.diff(np.append(starts, len(batch))))
        products.append(_numbered(batch, numbers, called))
        days.append(batch.column("first_days_ago").to_numpy().astype(np.int32))
    parts = [part for some in keys for part in some.chunks] if buyers else []
    everyone = pa.chunked_array(parts, pa.string())
    texts = sorted(numbers)
    renumbered = np.empty(len(texts), np.int32)
    renumbered[[numbers[text] for text in texts]] = np.arange(len(texts))
    return CustomerProducts(
        bought=_bought(
            _places(buyers, everyone),
            sizes=_joined(sizes),
            product=renumbered[_joined(products)],
            days=_joined(days).astype(np.int32),
            shape=(len(everyone), len(texts)),
        ),
        products=texts,
        names=[called[text][0] for text in texts],
        categories=[called[text][1] for text in texts],
    )


def _starts(keys: pa.Array) -> Ints:
    """Return where the rows of each customer begin."""
    changes = pc.not_equal(keys.slice(1), keys.slice(0, len(keys) - 1))
    changed = np.asarray(changes.to_numpy(zero_copy_only=False), bool)
    return np.concatenate(([0], np.flatnonzero(changed) + 1))


def _numbered(
    batch: pa.RecordBatch, numbers: dict[str, int], called: dict[str, Sequence[str | None]]
) -> Ints:
    """Return the products of some rows as numbers, given in the order of their first row."""
    encoded = batch.column("product").dictionary_encode()
    texts = encoded.dictionary.to_pylist()
    if unknown := {text for text in texts if text not in numbers}:
        some = pc.is_in(batch.column("product"), value_set=pa.array(sorted(unknown)))
        rows = batch.filter(some)
        cells = [rows.column(name).to_pylist() for name in ("product", "name", "category")]
        called.update({product: words for product, *words in zip(*cells, strict=True)})
        for text in texts:
            numbers.setdefault(text, len(numbers))
    places: Ints = np.array([numbers[text] for text in texts], np.int64)
    numbered: Ints = places[encoded.indices.to_numpy()]
    return numbered


def _places(buyers: list[pa.Array], everyone: pa.ChunkedArray) -> Ints:
    keys = pa.chunked_array(buyers, pa.string())
    places = pc.index_in(keys, value_set=everyone.combine_chunks())
    if places.null_count:
        raise AssertionError(f"{places.null_count} buyers of products are no customers of the run")
    return np.asarray(places.cast(_NUMBERS).to_numpy(), np.int64)


def _bought(
    places: Ints, *, sizes: Ints, product: Small, days: Small, shape: tuple[int, int]
) -> BoughtProducts:
    customer = np.repeat(places, sizes)
    if len(places) and (np.diff(places) < 0).any():
        order = np.argsort(customer, kind="stable")
        customer, product, days = customer[order], product[order], days[order]
    counts = np.bincount(customer, minlength=shape[0])
    return BoughtProducts(
        starts=np.concatenate(([0], np.cumsum(counts, dtype=np.int64))),
        product=product,
        first_days_ago=days,
        products=shape[1],
    )


def _joined(parts: list[Ints]) -> Ints:
    joined: Ints = np.concatenate([np.zeros(0, np.int64), *parts])
    return joined
