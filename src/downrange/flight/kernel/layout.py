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
        "damp_p", "damp_q", "damp_r",  # rate damping that does not depend on Mach (plain bodies), m3
        "top",  # m above the pad, where the tables end
        "ground",  # terrain: heights above the pad's surface at nodes (north, east) of a square grid around the pad
        "ground_cells",  # per side
        "ground_step_inv",  # 1/m
        "ground_top",  # the highest of them
        "segment_used",  # how many of a segment's numbers are: all, or those of one motor on the axis
    ],
)  # fmt: skip

FLIGHT_FIELDS = [
    "thrust", "mass", "cg", "cg_y", "cg_z", "ixx", "iyy", "izz", "ixy", "ixz", "iyz", "axial", "normal", "cp_shift",
    "wind_c", "wind_s", "wind_u", "wind_v", "density", "thrust_y", "thrust_z", "offset_y", "offset_z", "roll",
    "propellant",  # multiplies the propellant's mass
    "aft",  # how far nozzles and propellant stand aft of where the segments have them, m
    "wind_at",  # where this flight's wind begins in the table of winds
    "across", "along",  # drag areas of the rocket itself on its cord, m2: lying across the flow, and hanging along it
]  # fmt: skip
Flight = namedtuple("Flight", FLIGHT_FIELDS)
NF = len(FLIGHT_FIELDS)

# A row of flight parameters goes on with the rail; the recovery devices' drag areas, lags, values (the height above
# the pad or the time at which they are released), times at which they are released at the latest (0: none), strengths (the load
# at which they tear, N; 0: they hold) and glide ratios; the heading of what glides (rad from north); rail guides (travel until the upper and the lower one leaves, and the
# lower one's place aft of the nose tip); when to stop and hand the state over: a time, or minus one for apogee; a time at
# which the position is noted; where it stops besides: at apogee (1), at a height (m) as it climbs through it (a negative
# one: as it falls through it) and at a speed (m/s) as it gains it (a negative one: as it loses it; 0: at none); and the
# segment with which this flight's motors begin.
RAIL_AZIMUTH, RAIL_ELEVATION, CDS0 = NF, NF + 1, NF + 2
DEVICES = 6
LAG0 = CDS0 + DEVICES
VALUE0 = LAG0 + DEVICES
BACKUP0 = VALUE0 + DEVICES
STRENGTH0 = BACKUP0 + DEVICES
GLIDE0 = STRENGTH0 + DEVICES
HEADING = GLIDE0 + DEVICES
GUIDE0 = HEADING + 1
STOP = GUIDE0 + 3
WATCH = STOP + 1
STOP_APOGEE = WATCH + 1
STOP_HEIGHT = STOP_APOGEE + 1
STOP_SPEED = STOP_HEIGHT + 1
THRUST_AT = STOP_SPEED + 1
ROW = THRUST_AT + 1
NEVER_STOP = 1e30
AT_STOP_APOGEE = -1.0

# A segment is a stretch of time between two knots of all thrust curves and the brakes' schedule. Motors enter as sums over
# them: thrust F at (x, y, z) of its nozzle (x aft of the nose tip), propellant m at (x, y, z) of its centre. F and m are
# polynomials in the time since `t0`. While one motor burns, or like ones in one place, F acts at one x and the moments of m are
# polynomials in m, which is less to look up; of others that is where they are in the middle of the segment, and what is left of
# the sums follows as polynomials in time. Sums that end with `0` go on with the next powers.
SEGMENT_FIELDS = [
    "t0", "t1",
    "on",  # share of the jets that burn
    "b0", "b1",  # level of the brakes
    "f0", "f1", "nozzle",  # F, and x where it acts
    "reference", "area",  # what the thrust was measured at (Pa), and exit area of what burns: A
    "m0", "m1", "m2",  # m
    "x0", "x1", "pitch0", "pitch1", "pitch2", "roll0", "roll1", "roll2",  # in m: m x, inertia across at the nose tip, and along
    # From here on only of several motors, and of one that stands or pushes off the axis; first what is left of the above.
    "fx0", "fx1", "area_x",  # F x, A x
    "mx0", "mx1", "mx2", "xx0", "xx1", "xx2", "rr0", "rr1", "rr2",  # m x, inertia across and along
    "jx0", "jx1", "jxx0", "jxx1",  # jet damping: flow times nozzle x and x², less what inertia gives back
    "fy0", "fy1", "fz0", "fz1",  # F y, F z
    "ly0", "ly1", "lz0", "lz1", "lyx0", "lyx1", "lzx0", "lzx1", "turn0", "turn1",  # lateral thrust, times x, and its moment about x
    "area_y", "area_z",
    "my0", "my1", "my2", "mz0", "mz1", "mz2",  # m y, m z
    "yy0", "yy1", "yy2", "zz0", "zz1", "zz2", "xy0", "xy1", "xy2", "xz0", "xz1", "xz2", "yz0", "yz1", "yz2",  # m y², ...
]  # fmt: skip
NS = len(SEGMENT_FIELDS)
G = {name: i for i, name in enumerate(SEGMENT_FIELDS)}
ON_AXIS = G["fx0"]  # so many are used of one motor on the axis
Segment = namedtuple("Segment", ["a", "i", "w"])
Segment.__doc__ = "Where a segment's numbers stand: a[i + w * G[name]]. So in a flat table of them (w 1) and in lanes (w their number)."
FOREVER = 1e9  # s; where the last segment ends

# Recovery devices, one row each. `shape`: how the drag area grows: with the square of time, with time, or fast at first. `shock`:
# the opening load over dynamic pressure times drag area; 0: none is felt. `after`: one more than the device that it follows, of
# which it is the rest: it opens when that one is stretched (AT_STRETCH) or later, and never without it; 0: none.
DEV_EVENT, DEV_DELAY, DEV_FILL, DEV_REPLACES, DEV_SHAPE, DEV_SHOCK, DEV_AFTER = range(7)
DEVICE = 7
AT_APOGEE, AT_ALTITUDE, AT_TIME, AT_NEVER, AT_STRETCH = 0.0, 1.0, 2.0, 3.0, 4.0
SQUARE, LINEAR, FAST = 0.0, 1.0, 2.0

# What a flight is between two steps, so that it can be stopped and taken up again, under a canopy too: time, 13 numbers
# of state, phase, whether its devices are set, whether apogee is past, the canopies' law (`physics.canopy`), which of them
# fills (-1: none), when devices stretch, and which were released.
CANOPY = 8
R_STATE, R_PHASE, R_READY, R_APOGEE, R_CANOPY = 1, 14, 15, 16, 17
R_FILLING = R_CANOPY + CANOPY
R_STRETCH = R_FILLING + 1
R_RELEASED = R_STRETCH + DEVICES
RECORD = R_RELEASED + DEVICES
FREE, UNDER, OVER = 0, 1, 2  # phases: in free flight, under canopies, ended
LANDED, NO_LIFTOFF, TIME_LIMIT, STEP_LIMIT, ABOVE_TABLES, NOT_FINITE, STOPPED = range(7)
MAX_STEPS = 500_000
LEAST_AIRSPEED = 20.0  # m/s; below it a stability margin means little

# What the lanes hold: arrays of `width` numbers, or of as many for each thing (state: 13 * width).
WORK = {
    "flight": NF, "segment": NS, "canopy": CANOPY, "y": 13, "k": 13, "y_new": 13, "k_new": 13, "time": 1, "step": 1, "taken": 1,
    "error": 1, "factor": 1, "margin": 1, "stretch": DEVICES, "released": DEVICES, "apogee": 1, "refused": 1, "why": 1,
    "device": 1, "row": 1, "at": 1, "scratch": 117, "filling": 1,
}  # fmt: skip
Work = namedtuple("Work", WORK)
TRACK = 28  # columns of a kept step: time, 13 of state, 13 of its derivative, whether under canopies
EVENTS = 40

OUT = [
    "code", "liftoff_time", "rail_exit_time", "rail_exit_speed", "pivot_exit_time", "pivot_exit_speed", "apogee",
    "apogee_time", "apogee_east", "apogee_north", "apogee_speed", "max_speed", "max_mach", "max_q", "max_acceleration",
    "deploy_time", "deploy_speed", "landing_time", "landing_east", "landing_north", "landing_up", "landing_speed",
    "evaluations", "steps", "burnout_height", "burnout_speed", "min_stability", "fastest_opening", "rail_exit_stability",
    "rail_exit_cosine", "landing_sink", "watch_east", "watch_north", "watch_up", "opening_load", "torn",
]  # fmt: skip
O = {name: i for i, name in enumerate(OUT)}
NOUT = len(OUT)
L = 16  # lanes: 8, 16, 32 and 64 were measured; 16 is the fastest with 256-bit vectors
