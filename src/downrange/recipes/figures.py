"""The figures of a flight as attributes, units in the names.

Made by builders/make_recipes.py.
"""

from __future__ import annotations

from typing import Any

__all__ = ["Figures"]


class Figures:
    """Attributes for the keys of `summary()`; None for what did not happen."""

    def _figure(self, name: str) -> Any:
        raise NotImplementedError

    @property
    def rocket(self) -> str:
        """Name of the rocket."""
        return self._figure("rocket")

    @property
    def motor(self) -> str:
        """Designation of the motor."""
        return self._figure("motor")

    @property
    def result(self) -> str:
        """How the flight ended: 'landed', 'no_liftoff', ...."""
        return self._figure("result")

    @property
    def apogee_agl_m(self) -> float | None:
        """Largest geometric height above the pad, m."""
        return self._figure("apogee_agl_m")

    @property
    def apogee_pressure_altitude_agl_m(self) -> float | None:
        """What a barometric altimeter zeroed at the pad shows at apogee, m."""
        return self._figure("apogee_pressure_altitude_agl_m")

    @property
    def time_to_apogee_s(self) -> float | None:
        """Of apogee, s from ignition."""
        return self._figure("time_to_apogee_s")

    @property
    def max_speed_m_s(self) -> float | None:
        """Largest speed over the ground before a canopy opens, m/s."""
        return self._figure("max_speed_m_s")

    @property
    def max_mach(self) -> float | None:
        """Largest Mach number."""
        return self._figure("max_mach")

    @property
    def max_acceleration_m_s2(self) -> float | None:
        """Largest acceleration, m/s²."""
        return self._figure("max_acceleration_m_s2")

    @property
    def max_dynamic_pressure_pa(self) -> float | None:
        """Largest dynamic pressure, Pa."""
        return self._figure("max_dynamic_pressure_pa")

    @property
    def liftoff_mass_kg(self) -> float | None:
        """Rocket with loaded motor, kg."""
        return self._figure("liftoff_mass_kg")

    @property
    def thrust_to_weight(self) -> float | None:
        """Average thrust of the first 0.5 s over lift-off weight."""
        return self._figure("thrust_to_weight")

    @property
    def rail_exit_speed_m_s(self) -> float | None:
        """As the rocket leaves the rail, m/s."""
        return self._figure("rail_exit_speed_m_s")

    @property
    def rail_exit_stability_cal(self) -> float | None:
        """Margin at the Mach and angle of attack there, calibres."""
        return self._figure("rail_exit_stability_cal")

    @property
    def rail_exit_angle_of_attack_deg(self) -> float | None:
        """In the wind there, degrees."""
        return self._figure("rail_exit_angle_of_attack_deg")

    @property
    def static_margin_cal(self) -> float | None:
        """At Mach 0.3 on the pad, calibres."""
        return self._figure("static_margin_cal")

    @property
    def static_margin_barrowman_cal(self) -> float | None:
        """The same by Barrowman's method, calibres."""
        return self._figure("static_margin_barrowman_cal")

    @property
    def min_stability_cal(self) -> float | None:
        """Least margin from rail exit to apogee above 20 m/s of airspeed, calibres."""
        return self._figure("min_stability_cal")

    @property
    def min_stability_time_s(self) -> float | None:
        """When that is, s from ignition."""
        return self._figure("min_stability_time_s")

    @property
    def max_speed_time_s(self) -> float | None:
        """When it is fastest, s from ignition."""
        return self._figure("max_speed_time_s")

    @property
    def max_acceleration_time_s(self) -> float | None:
        """When it is hardest, s from ignition."""
        return self._figure("max_acceleration_time_s")

    @property
    def flutter_margin(self) -> float | None:
        """Flutter speed of the weakest fins over the speed flown, at the hardest moment."""
        return self._figure("flutter_margin")

    @property
    def burnout_time_s(self) -> float | None:
        """When thrust ends, s from ignition."""
        return self._figure("burnout_time_s")

    @property
    def burnout_altitude_agl_m(self) -> float | None:
        """Height above the pad then, m."""
        return self._figure("burnout_altitude_agl_m")

    @property
    def optimum_delay_s(self) -> float | None:
        """From burn-out to apogee, s."""
        return self._figure("optimum_delay_s")

    @property
    def deployment_time_s(self) -> float | None:
        """When the first device opens, s from ignition."""
        return self._figure("deployment_time_s")

    @property
    def deployment_airspeed_m_s(self) -> float | None:
        """Airspeed then, m/s."""
        return self._figure("deployment_airspeed_m_s")

    @property
    def flight_time_s(self) -> float | None:
        """Of landing, s from ignition."""
        return self._figure("flight_time_s")

    @property
    def landing_east_m(self) -> float | None:
        """East of the pad, m."""
        return self._figure("landing_east_m")

    @property
    def landing_north_m(self) -> float | None:
        """North of the pad, m."""
        return self._figure("landing_north_m")

    @property
    def landing_latitude_deg(self) -> float | None:
        """Degrees, north positive."""
        return self._figure("landing_latitude_deg")

    @property
    def landing_longitude_deg(self) -> float | None:
        """Degrees, east positive."""
        return self._figure("landing_longitude_deg")

    @property
    def ground_hit_speed_m_s(self) -> float | None:
        """Speed at landing, m/s."""
        return self._figure("ground_hit_speed_m_s")

    @property
    def landing_energy_j(self) -> float | None:
        """Energy of all that comes down, J."""
        return self._figure("landing_energy_j")

    @property
    def bodies(self) -> list[dict[str, Any]]:
        """What comes down, each with its own landing."""
        return self._figure("bodies")
