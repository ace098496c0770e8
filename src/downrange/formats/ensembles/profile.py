"""One profile as a forecast of one hour and one member."""

from __future__ import annotations

from pathlib import Path

from downrange.earth import Pad
from downrange.formats.ensembles import Forecast, wind_of

SUFFIXES = (".csv",)


def read(path: Path, pad: Pad) -> Forecast:
    """The wind of a profile. Raises `InputError` where it has none."""
    return Forecast(("",), ((wind_of(path, pad),),), path.name)
