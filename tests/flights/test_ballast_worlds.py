"""A team of ten logged flights asks for ballast: the flight with it comes as near as the band said. Of 39 worlds 37 did (`tests/ballast_worlds.py`)."""

from ballast_worlds import world


def test_a_team_of_ten_flights_hits_its_height(tmp_path):
    w = world(20, tmp_path)
    assert w.hit, w
    assert w.low < w.wanted < w.high and 20 < w.high - w.low < 45  # not by saying nothing
    assert 0.001 < w.ballast < 0.149  # within what may be added
