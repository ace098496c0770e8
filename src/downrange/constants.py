"""Physical constants: one line each, with value, unit and source."""

STANDARD_GRAVITY = 9.80665  # m/s2, defining value, CGPM 1901
GAS_CONSTANT_AIR = 287.05287  # J/(kg K), U.S. Standard Atmosphere 1976 (R* / M0)
HEAT_RATIO_AIR = 1.4  # -, U.S. Standard Atmosphere 1976, eq. 50
SUTHERLAND_BETA = 1.458e-6  # kg/(s m K^0.5), U.S. Standard Atmosphere 1976, eq. 51
SUTHERLAND_S = 110.4  # K, U.S. Standard Atmosphere 1976, eq. 51
SEA_LEVEL_PRESSURE = 101325.0  # Pa, U.S. Standard Atmosphere 1976
GEOPOTENTIAL_EARTH_RADIUS = 6356766.0  # m, U.S. Standard Atmosphere 1976, eq. 18

WGS84_A = 6378137.0  # m, semi-major axis, NGA.STND.0036
WGS84_F = 1.0 / 298.257223563  # -, flattening, NGA.STND.0036
WGS84_GM = 3.986004418e14  # m3/s2, NGA.STND.0036
WGS84_OMEGA = 7.292115e-5  # rad/s, NGA.STND.0036
WGS84_J2 = 1.082629821e-3  # -, -C20 sqrt(5) of the WGS84 normal field, NGA.STND.0036
WGS84_GAMMA_E = 9.7803253359  # m/s2, normal gravity at the equator, NGA.STND.0036
WGS84_GAMMA_K = 1.931852652458e-3  # -, Somigliana's constant, NGA.STND.0036
