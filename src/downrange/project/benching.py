"""The inputs of the bench as people write them."""

from __future__ import annotations

from collections.abc import Sequence

from downrange.design.bench import BENCH
from downrange.errors import InputError, seen
from downrange.uncertainty import Quantity
from downrange.units import parse_quantity

__all__ = ["read_inputs"]


def read_inputs(name: str, texts: Sequence[str]) -> dict[str, Quantity]:
    """Inputs of a bench number from texts like `mass=1.2 kg ± 10 g`; dashes in names do for underscores.

    Raises `InputError` for what cannot be read, and an input said twice. A name that is not known is left to `bench_number`.
    """
    out: dict[str, Quantity] = {}
    number = BENCH.get(name)
    for text in texts:
        key, equals, value = text.partition("=")
        key = key.strip().lower().replace("-", "_").replace(" ", "_")
        if not equals or not value.strip():
            raise InputError(f"cannot read {seen(text, 60)}; write it like 'mass=1.2kg'", key="bench")
        if key in out:
            raise InputError(f"{key} is said twice; keep one", key=key)
        if number is None or key not in number.given:
            out[key] = Quantity(1.0)
            continue
        words = value.strip()
        kind = number.given[key].kind
        bare = kind in ("number", "calibre") and words.replace(".", "", 1).isdigit()
        try:
            out[key] = parse_quantity(float(words) if bare else words, kind)
        except InputError as error:
            raise InputError(error.message, key=key) from None
    return out
