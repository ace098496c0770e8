"""What the kernel is given: names and places of everything in its flat tables.

`Tables` is shared by all flights of a program. `Flight` is what may differ from flight to flight, in the order of a
row of parameters; `Segment` is the stretch of the thrust curve (and brake schedule) between two knots.
"""

from collections import namedtuple

Tables = namedtuple(
    "Tables",
    [
        "air",  # per cell: rho, drho, a, da; cells are even in the root of the height, so that they are fine near the ground
        "air_scale",  # cells per root of a metre
        "air_below",  # cells below the pad, where the tables begin
        "wind",  # per cell of the same grid: u, du, v, dv; one profile after another, a flight names its own
        "air_cells",  # float
        "mach",  # per Mach cell: A0 A1 A2 L0 L1 K, each value and difference
        "mach_step_inv",
        "mach_cells",
        "axial",  # nodes (mach, re): CA off, CA on
        "re_cells",  # axial table columns are re/(re + re_half), in this many cells
        "re_half",  # 1/m
        "angle",  # per cell of cos(alpha) from -1 to 1: fA fN fC fB, each value and difference
        "angle_cells",
        "odd",  # asymmetric fins, per Mach cell: D0 D1 D2 E0 E1 E2 Lv Lw Y0 Z0 MY MZ, each value and difference
        "brake",  # nodes (level, mach): added or whole CA
        "brake_cells",
        "brake_mach_step_inv",
        "brake_mach_cells",
        "brake_replaces",  # 1: brake CA replaces the body's while the level is above zero
        "area",
        "diameter",
        "cross_area",  # planform over reference area, and times its centroid (m aft of the nose tip)
        "cross_moment",
        "body_slope",  # slender-body lift and its moment: beyond 90 degrees it turns about, and the fins' does not
        "body_moment",
        "g0", "g1", "g2", "g3",  # gravity, polynomial in height above the pad
        "gy",  # its relative change per metre north
        "inv_east", "inv_north",  # curvature of the ellipsoid, 1/m
        "omega_y", "omega_z",  # Earth's rotation in ENU
        "nozzle",  # m aft of the nose tip
        "exit_area",  # m2, zero where unknown
        "reference_pressure",
        "grain",  # centre of the propellant, m aft of the nose tip
        "roll0", "roll1", "pitch0", "pitch1",  # squared gyration radii of the propellant: c0 + c1 * mass
        "damp_p", "damp_q", "damp_r",  # rate damping that does not depend on Mach (plain bodies), m3
        "top",  # m above the pad, where the tables end
        "ground",  # terrain: heights above the pad's surface at nodes (north, east) of a square grid around the pad
        "ground_cells",  # per side
        "ground_step_inv",  # 1/m
        "ground_top",  # the highest of them
    ],
)  # fmt: skip

FLIGHT_FIELDS = [
    "thrust", "mass", "cg", "cg_y", "cg_z", "ixx", "iyy", "izz", "ixy", "ixz", "iyz", "axial", "normal", "cp_shift",
    "wind_c", "wind_s", "wind_u", "wind_v", "density", "thrust_y", "thrust_z", "offset_y", "offset_z", "roll",
    "propellant",  # multiplies the propellant's mass
    "aft",  # how far nozzle and propellant stand aft of where the tables have them, m
    "wind_at",  # where this flight's wind begins in the table of winds
    "across", "along",  # drag areas of the rocket itself on its cord, m2: lying across the flow, and hanging along it
]  # fmt: skip
Flight = namedtuple("Flight", FLIGHT_FIELDS)
NF = len(FLIGHT_FIELDS)

# A row of flight parameters goes on with the rail; the recovery devices' drag areas, lags and values (the height above
# the pad or the time at which they are released); rail guides (travel until the upper and the lower one leaves, and the
# lower one's place aft of the nose tip); when to stop and hand the state over: a time, or minus one for apogee; and a
# time at which the position is noted.
RAIL_AZIMUTH, RAIL_ELEVATION, CDS0 = NF, NF + 1, NF + 2
DEVICES = 4
LAG0 = CDS0 + DEVICES
VALUE0 = LAG0 + DEVICES
GUIDE0 = VALUE0 + DEVICES
STOP = GUIDE0 + 3
WATCH = STOP + 1
ROW = WATCH + 1
NEVER_STOP = 1e30
AT_STOP_APOGEE = -1.0

SEGMENT_FIELDS = ["t0", "f0", "f1", "m0", "m1", "m2", "on", "b0", "b1"]
Segment = namedtuple("Segment", SEGMENT_FIELDS)
NS = len(SEGMENT_FIELDS)

# Recovery devices, one row each.
DEV_EVENT, DEV_DELAY, DEV_FILL, DEV_REPLACES = range(4)
AT_APOGEE, AT_ALTITUDE, AT_TIME, AT_NEVER = 0.0, 1.0, 2.0, 3.0

# What a flight is between two steps, so that it can be stopped and taken up again, under a canopy too: time, 13 numbers
# of state, phase, whether its devices are set, whether apogee is past, the canopy's law, when devices stretch, and which
# were released.
R_STATE, R_PHASE, R_READY, R_APOGEE, R_CANOPY = 1, 14, 15, 16, 17
R_STRETCH = R_CANOPY + 5
R_RELEASED = R_STRETCH + DEVICES
RECORD = R_RELEASED + DEVICES
FREE, UNDER, OVER = 0, 1, 2  # phases: in free flight, under canopies, ended
LANDED, NO_LIFTOFF, TIME_LIMIT, STEP_LIMIT, ABOVE_TABLES, NOT_FINITE, STOPPED = range(7)
MAX_STEPS = 500_000
LEAST_AIRSPEED = 20.0  # m/s; below it a stability margin means little

# What the lanes hold: arrays of `width` numbers, or of as many for each thing (state: 13 * width).
WORK = {
    "flight": NF, "segment": NS, "canopy": 5, "y": 13, "k": 13, "y_new": 13, "k_new": 13, "time": 1, "step": 1, "taken": 1,
    "error": 1, "factor": 1, "margin": 1, "stretch": DEVICES, "released": DEVICES, "apogee": 1, "refused": 1, "why": 1,
    "device": 1, "row": 1, "at": 1, "scratch": 117,
}  # fmt: skip
Work = namedtuple("Work", WORK)
TRACK = 28  # columns of a kept step: time, 13 of state, 13 of its derivative, whether under canopies
EVENTS = 40

OUT = [
    "code", "liftoff_time", "rail_exit_time", "rail_exit_speed", "pivot_exit_time", "pivot_exit_speed", "apogee",
    "apogee_time", "apogee_east", "apogee_north", "apogee_speed", "max_speed", "max_mach", "max_q", "max_acceleration",
    "deploy_time", "deploy_speed", "landing_time", "landing_east", "landing_north", "landing_up", "landing_speed",
    "evaluations", "steps", "burnout_height", "burnout_speed", "min_stability", "fastest_opening", "rail_exit_stability",
    "rail_exit_cosine", "landing_sink", "watch_east", "watch_north", "watch_up",
]  # fmt: skip
O = {name: i for i, name in enumerate(OUT)}
NOUT = len(OUT)
L = 16  # lanes: 8, 16, 32 and 64 were measured; 16 is the fastest with 256-bit vectors
