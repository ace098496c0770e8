"""Units at the doors: `"54 mm"`, `"3.2 lb"`, `"12.3 ± 0.2 kg"`, `"50 g ± 5 %"` to SI and back.

Inside the package everything is SI and radians; nothing below the doors imports this package.
"""

from downrange.units.compass import POINTS, compass, wind_words
from downrange.units.quantities import DIMENSIONS, from_si, parse_quantity, to_si
from downrange.units.systems import SYSTEMS, column, display, in_units, number

__all__ = [
    "DIMENSIONS",
    "POINTS",
    "SYSTEMS",
    "column",
    "compass",
    "display",
    "from_si",
    "in_units",
    "number",
    "parse_quantity",
    "to_si",
    "wind_words",
]
