"""Distributions in a report's words: no class of ours is shown to a reader, and no kind is forgotten."""

from typing import get_args

import pytest

from downrange.report.composing.uncertain import _drawn
from downrange.uncertainty import Choice, Distribution, LogNormal, Normal, Triangular, Uniform

SAID = {
    Normal(288.15, 2.0): "288.15 ± 2",
    Normal(-0.5, 1e-5): "-0.5 ± 1e-05",
    LogNormal(1.6e-6, 0.4): "1.6e-06, within a factor of 1.49 of it",
    Uniform(0.0, 6.283185307): "0 to 6.2832, all alike",
    Triangular(1.0, 2.0, 4.5): "1 to 4.5, most likely 2",
    Choice((0.1, 0.2, 3.0)): "one of 0.1, 0.2, 3",
}


@pytest.mark.parametrize("draw", SAID)
def test_a_draw_in_words(draw):
    assert _drawn(repr(draw)) == SAID[draw]
    assert _drawn(repr(draw).replace("centre=", "centre=np.float64(").replace(", sigma", "), sigma")) == SAID[draw]


def test_every_kind_is_said():
    assert {type(d) for d in SAID} == set(get_args(Distribution))
