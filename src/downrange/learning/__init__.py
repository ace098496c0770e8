"""What flights teach: the parameters of a rocket from its flights, how rockets as drawn differ from rockets as flown, scores of predictions."""

from downrange.learning.population import AsFlown, FlownRow, as_flown, leave_one_out, public_flights
from downrange.learning.scores import Forecast, Score, Scores, crps_normal, score_forecasts

__all__ = [
    "AsFlown",
    "FlownRow",
    "Forecast",
    "Score",
    "Scores",
    "as_flown",
    "crps_normal",
    "leave_one_out",
    "public_flights",
    "score_forecasts",
]
