"""What flights teach: the parameters of a rocket from its flights, how rockets as drawn differ from rockets as flown, scores of predictions."""

from downrange.learning.fitting import Fit, Surprise, fit_flights
from downrange.learning.flown import FlownFlight, Told
from downrange.learning.learned import Learned, parameter_words
from downrange.learning.population import AsFlown, FlownRow, as_flown, leave_one_out, public_flights
from downrange.learning.prior import prior_of
from downrange.learning.scores import Forecast, Score, Scores, crps_normal, score_forecasts
from downrange.learning.season import Replayed, log_forecast, replay

__all__ = [
    "AsFlown",
    "Fit",
    "FlownFlight",
    "FlownRow",
    "Forecast",
    "Learned",
    "Replayed",
    "Score",
    "Scores",
    "Surprise",
    "Told",
    "as_flown",
    "crps_normal",
    "fit_flights",
    "leave_one_out",
    "log_forecast",
    "parameter_words",
    "prior_of",
    "public_flights",
    "replay",
    "score_forecasts",
]
