"""Make dispersion/data/joe_kuo.csv: the first direction numbers of Joe and Kuo, as SciPy ships them.

    python builders/sobol_numbers.py

Joe and Kuo, Constructing Sobol Sequences with Better Two-Dimensional Projections, SIAM J. Sci. Comput. 30 (2008), 2635; their file new-joe-kuo-6.21201.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parents[1]
_DIMENSIONS = 512  # a campaign varies forty things or so, of a vehicle of many stages two hundred
_HEAD = """# Direction numbers of Sobol sequences, by builders/sobol_numbers.py: a line a dimension, its primitive polynomial as a binary number and m_1 to m_s. Joe and Kuo, SIAM J.
# Sci. Comput. 30 (2008), 2635, new-joe-kuo-6.21201: Copyright (c) 2008, Frances Y. Kuo and Stephen Joe, BSD licence (NOTICE).
"""


def main() -> None:
    spec = importlib.util.find_spec("scipy")
    assert spec is not None and spec.submodule_search_locations
    with np.load(Path(spec.submodule_search_locations[0]) / "stats" / "_sobol_direction_numbers.npz") as file:
        polynomials, first = file["poly"][:_DIMENSIONS].tolist(), file["vinit"][:_DIMENSIONS].tolist()
    lines = [",".join(map(str, [p, *m[: max(p.bit_length() - 1, 1)]])) for p, m in zip(polynomials, first, strict=True)]
    path = ROOT / "src/downrange/dispersion/data/joe_kuo.csv"
    path.write_text(_HEAD + "\n".join(lines) + "\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
