"""Scrambled Sobol sequences beside SciPy's, and without SciPy's own sampler at hand."""

import subprocess
import sys

import numpy as np
import pytest
from scipy.stats import qmc

from downrange.dispersion.sobol import scrambled_points


def scipys(dimensions, first, size, seed):
    engine = qmc.Sobol(dimensions, scramble=True, rng=np.random.default_rng(seed))
    if first:
        engine.fast_forward(first)
    return engine.random(size)


@pytest.mark.parametrize(
    ("dimensions", "first", "size"), [(1, 0, 1), (1, 0, 16), (3, 5, 1), (41, 128, 128), (512, 4096, 32), (513, 64, 64)]
)
@pytest.mark.filterwarnings("ignore:The balance properties")
def test_the_same_numbers_as_scipy(dimensions, first, size):
    own = scrambled_points(dimensions, first, size, np.random.default_rng([dimensions, 3]))
    assert np.array_equal(own, scipys(dimensions, first, size, [dimensions, 3]))


def test_each_stratum_has_its_point():
    """Sobol's property: of 64 points each 64th of each axis has one, whatever the scrambling."""
    points = scrambled_points(12, 0, 64, np.random.default_rng(7))
    assert np.array_equal(np.sort(np.floor(64 * points), axis=0), np.repeat(np.arange(64.0)[:, None], 12, axis=1))


def test_campaigns_do_without_the_statistics_of_scipy():
    """Its import alone takes half a second of processor time: as long as a thousand flights."""
    code = "import sys; from downrange.dispersion.streams import sobol; sobol(1, 'a', 5, 0, 8); sys.exit('scipy.stats' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
