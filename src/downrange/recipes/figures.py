"""The numbers of a flight as attributes, units in the names.

Made by builders/make_recipes.py from `downrange.flight.quantities`.
"""

from __future__ import annotations

__all__ = ["Figures"]


class Figures:
    """Attributes for the numbers of `summary()`; None for what did not happen."""

    def _figure(self, name: str) -> float | None:
        raise NotImplementedError

    @property
    def apogee_agl_m(self) -> float | None:
        """Largest geometric height above the pad, m."""
        return self._figure("apogee_agl")

    @property
    def apogee_pressure_altitude_agl_m(self) -> float | None:
        """What a barometric altimeter zeroed at the pad shows at apogee, m."""
        return self._figure("apogee_pressure_altitude_agl")

    @property
    def time_to_apogee_s(self) -> float | None:
        """When it is highest, from ignition, s."""
        return self._figure("time_to_apogee")

    @property
    def apogee_east_m(self) -> float | None:
        """Where apogee is, east of the pad, m."""
        return self._figure("apogee_east")

    @property
    def apogee_north_m(self) -> float | None:
        """Where apogee is, north of the pad, m."""
        return self._figure("apogee_north")

    @property
    def max_speed_m_s(self) -> float | None:
        """Largest speed over the ground before a canopy opens, m/s."""
        return self._figure("max_speed")

    @property
    def max_mach(self) -> float | None:
        """Largest Mach number, through the air."""
        return self._figure("max_mach")

    @property
    def max_acceleration_m_s2(self) -> float | None:
        """Largest acceleration on the rail and in free flight; the shock of a canopy's opening does not count, m/s²."""
        return self._figure("max_acceleration")

    @property
    def max_dynamic_pressure_pa(self) -> float | None:
        """Largest dynamic pressure, through the air, Pa."""
        return self._figure("max_dynamic_pressure")

    @property
    def liftoff_mass_kg(self) -> float | None:
        """Rocket with loaded motor, kg."""
        return self._figure("liftoff_mass")

    @property
    def thrust_to_weight(self) -> float | None:
        """Average thrust over 0.5 s from first thrust (igniter blips apart) over lift-off weight; for a start too weak to lift it within that time, from where thrust exceeds weight."""
        return self._figure("thrust_to_weight")

    @property
    def rail_exit_time_s(self) -> float | None:
        """When the upper guide leaves the rail, from ignition, s."""
        return self._figure("rail_exit_time")

    @property
    def rail_exit_speed_m_s(self) -> float | None:
        """Speed as the upper guide leaves the rail, m/s."""
        return self._figure("rail_exit_speed")

    @property
    def rail_exit_stability_cal(self) -> float | None:
        """Stability margin at rail exit, at the actual Mach number and angle of attack, calibres."""
        return self._figure("rail_exit_stability")

    @property
    def rail_exit_angle_of_attack_deg(self) -> float | None:
        """Angle at which the air comes as the rocket leaves the rail, °."""
        return self._figure("rail_exit_angle_of_attack")

    @property
    def static_margin_cal(self) -> float | None:
        """Stability margin on the pad, at Mach 0.3, calibres."""
        return self._figure("static_margin")

    @property
    def static_margin_barrowman_cal(self) -> float | None:
        """Stability margin on the pad by Barrowman's method, on which the rule of one calibre stands, calibres."""
        return self._figure("static_margin_barrowman")

    @property
    def min_stability_cal(self) -> float | None:
        """Least of the margin at rail exit and those above 20 m/s of airspeed until apogee, calibres."""
        return self._figure("min_stability")

    @property
    def min_stability_time_s(self) -> float | None:
        """When the margin is least, from ignition, s."""
        return self._figure("min_stability_time")

    @property
    def max_speed_time_s(self) -> float | None:
        """When it is fastest, from ignition, s."""
        return self._figure("max_speed_time")

    @property
    def max_acceleration_time_s(self) -> float | None:
        """When acceleration is largest, from ignition, s."""
        return self._figure("max_acceleration_time")

    @property
    def flutter_margin(self) -> float | None:
        """Flutter speed of the weakest fins over the fastest flight speed; null where the stiffness of their material is not known."""
        return self._figure("flutter_margin")

    @property
    def burnout_time_s(self) -> float | None:
        """When thrust ends, from ignition: the curve's last point, from which delays count, s."""
        return self._figure("burnout_time")

    @property
    def burnout_altitude_agl_m(self) -> float | None:
        """Height above the pad at burn-out, m."""
        return self._figure("burnout_altitude_agl")

    @property
    def burnout_speed_m_s(self) -> float | None:
        """Speed over the ground at burn-out, m/s."""
        return self._figure("burnout_speed")

    @property
    def optimum_delay_s(self) -> float | None:
        """From burn-out to the apogee without recovery; null where that comes before burn-out, s."""
        return self._figure("optimum_delay")

    @property
    def deployment_time_s(self) -> float | None:
        """When the first recovery device opens, from ignition, s."""
        return self._figure("deployment_time")

    @property
    def deployment_airspeed_m_s(self) -> float | None:
        """Speed through the air when the first recovery device opens, m/s."""
        return self._figure("deployment_airspeed")

    @property
    def fastest_opening_m_s(self) -> float | None:
        """Largest speed through the air at which any recovery device opens, m/s."""
        return self._figure("fastest_opening")

    @property
    def opening_load_n(self) -> float | None:
        """Largest load with which a canopy opens: its drag as it fills, times the opening-force coefficient of its kind, N."""
        return self._figure("opening_load")

    @property
    def recovery_margin(self) -> float | None:
        """Least strength over opening load of the canopies, cords, links and bulkheads whose strength is stated."""
        return self._figure("recovery_margin")

    @property
    def lost_impulse(self) -> float | None:
        """Share of the motor's impulse that was left out because a canopy opened under thrust."""
        return self._figure("lost_impulse")

    @property
    def flight_time_s(self) -> float | None:
        """When it comes down, from ignition, s."""
        return self._figure("flight_time")

    @property
    def descent_time_s(self) -> float | None:
        """From apogee to landing, s."""
        return self._figure("descent_time")

    @property
    def landing_east_m(self) -> float | None:
        """Where it comes down, east of the pad, m."""
        return self._figure("landing_east")

    @property
    def landing_north_m(self) -> float | None:
        """Where it comes down, north of the pad, m."""
        return self._figure("landing_north")

    @property
    def landing_up_m(self) -> float | None:
        """Where it comes down, above the plane that touches the Earth at the pad, m."""
        return self._figure("landing_up")

    @property
    def landing_distance_m(self) -> float | None:
        """Where it comes down, from the pad, m."""
        return self._figure("landing_distance")

    @property
    def landing_latitude_deg(self) -> float | None:
        """Where it comes down, north positive, °."""
        return self._figure("landing_latitude")

    @property
    def landing_longitude_deg(self) -> float | None:
        """Where it comes down, east positive, °."""
        return self._figure("landing_longitude")

    @property
    def ground_hit_speed_m_s(self) -> float | None:
        """Speed over the ground at landing, m/s."""
        return self._figure("ground_hit_speed")

    @property
    def landing_sink_m_s(self) -> float | None:
        """Speed downwards at landing, m/s."""
        return self._figure("landing_sink")

    @property
    def landing_angle_deg(self) -> float | None:
        """How steeply it comes down, from the level, °."""
        return self._figure("landing_angle")

    @property
    def landing_mass_kg(self) -> float | None:
        """All that comes down, kg."""
        return self._figure("landing_mass")

    @property
    def landing_energy_j(self) -> float | None:
        """Energy at landing, of all that comes down at that speed, J."""
        return self._figure("landing_energy")
