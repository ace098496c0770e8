"""The way of a body through several legs: each time belongs to one of them, also before the first begins."""

from dataclasses import dataclass

import numpy as np
import pytest

from downrange.flight.track import Chain


@dataclass(frozen=True)
class Leg:
    """A leg from `begins` on that answers with its own number."""

    number: float
    begins: float

    @property
    def steps(self):
        rows = np.zeros((2, 28))
        rows[:, 0] = self.begins, self.begins + 1.7
        return rows

    def way(self, t):
        return np.full((2, len(t), 3), self.number)

    def met(self, t):
        return np.full((3, len(t)), self.number)


@pytest.mark.parametrize("first", [0.0, 3.1])
def test_each_time_belongs_to_one_leg(first):
    chain = Chain((Leg(1.5, first), Leg(2.5, first + 2.0), Leg(3.5, first + 5.0)), None)
    times = first + np.array([-7.0, -1e-9, 0.0, 1.999, 2.0, 4.9, 5.0, 80.0])
    of = [1.5, 1.5, 1.5, 1.5, 2.5, 2.5, 3.5, 3.5]
    position, velocity = chain.way(times)
    assert position.tolist() == velocity.tolist() == [[n] * 3 for n in of]
    assert [v.tolist() for v in chain.met(times)] == [of] * 3
