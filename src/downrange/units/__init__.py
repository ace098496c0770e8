"""Units at the doors: `"54 mm"`, `"3.2 lb"`, `"12.3 ± 0.2 kg"`, `"50 g ± 5 %"` to SI and back.

Inside the package everything is SI and radians; nothing below the doors imports this package.
"""

from downrange.units.quantities import DIMENSIONS, display, from_si, parse_quantity, to_si

__all__ = ["DIMENSIONS", "display", "from_si", "parse_quantity", "to_si"]
