"""What LLVM is told of a processor, and which cache its code goes to."""

import os
import subprocess
import sys

import pytest

from downrange.flight.kernel.processor import features_of_lanes, has


@pytest.mark.parametrize(
    ("features", "added"),
    [
        ("+sse2,+sse4.2,-avx,-avx2,-avx512f", False),
        ("+avx,-avx2", False),
        ("+avx,+avx2,+fma,-avx512f", True),
        ("+avx2,+fma", True),
        ("+avx2,-avx512f,+avx512f", False),
        ("+avx2,+avx512f,-avx512f", True),
        ("+avx2,-fast-gather", False),
        ("+avx2,+fast-gather", False),
        ("+neon,+sve", False),
        ("", False),
    ],
)
def test_gathers_are_called_fast_where_avx2_has_them(features, added):
    assert features_of_lanes(features) == (features + ",+fast-gather" if added else features)


def test_the_last_word_on_a_feature_counts():
    assert has("+avx2,-avx", "avx2") and not has("+avx2,-avx", "avx")
    assert not has("+avx2,-avx2", "avx2") and not has("+avx512f", "avx2")


def cache_for(**env):
    script = "from downrange.flight.kernel.jit import CACHE, PROCESSOR, LANE_FEATURES; print(CACHE.name, PROCESSOR, LANE_FEATURES)"
    clean = {k: v for k, v in os.environ.items() if not k.startswith("NUMBA_")}
    done = subprocess.run([sys.executable, "-c", script], env=clean | env, capture_output=True, text=True, check=True)
    return done.stdout.split()


def test_another_processor_has_another_cache(tmp_path):
    """And what the user tells Numba of his processor is kept."""
    cache = {"DOWNRANGE_CACHE": str(tmp_path)}
    here = cache_for(**cache)
    old = cache_for(NUMBA_CPU_NAME="generic", **cache)
    new = cache_for(NUMBA_CPU_NAME="haswell", NUMBA_CPU_FEATURES="+avx2,-fast-gather", **cache)
    assert cache_for(**cache) == here
    assert len({here[0], old[0], new[0]}) == 3
    assert old[1:] == ["generic"]
    assert new[1:] == ["haswell", "+avx2,-fast-gather"]
