"""The Alpha III, a small three-finned model, as the reference cases of the field describe it."""

from downrange.rocket import (
    BodyTube,
    CentringRing,
    InnerTube,
    LaunchLug,
    NoseCone,
    Parachute,
    Rocket,
    TrapezoidalFins,
)


def alpha_iii(fins: int = 3) -> Rocket:
    nose = NoseCone(
        shape="ogive", length=0.07, diameter=0.024, wall=0.002, material="cardboard",
        shoulder_length=0.02, shoulder_diameter=0.022, shoulder_wall=0.0,
    )  # fmt: skip
    block = CentringRing(length=0.005, diameter=0.018, inner_diameter=0.0164)
    mount = InnerTube(offset=0.133, length=0.07, diameter=0.018, wall=0.0003, motor_mount=True, parts=(block,))
    body = BodyTube(
        length=0.2, diameter=0.024, wall=0.0003,
        parts=(
            TrapezoidalFins(
                count=fins, root_chord=0.05, tip_chord=0.03, span=0.05, sweep=0.02, thickness=0.0032,
                position="bottom", material="cardboard",
            ),
            LaunchLug(offset=0.111, length=0.05, diameter=0.006, wall=0.001),
            mount,
            Parachute(offset=0.028, mass=0.002, packed_diameter=0.025, diameter=0.3, cd=0.8),
            CentringRing(offset=0.14, length=0.006, count=2, spacing=0.035),
        ),
    )  # fmt: skip
    return Rocket("Alpha III", (nose, body))
