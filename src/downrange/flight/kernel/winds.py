"""Winds for many flights, packed as the air's cells want them: a profile, its correlated error, and turbulence."""

import math

from .jit import driver


@driver
def pack_winds(base, member, coarse, node, share, taper, sigma, intensity, depth, decay, noise, out):
    """Fill `out` (n, cells, 4) with [u, du, v, dv] of each flight.

    base (m, nodes, 2): the profiles; member (n,): which one a flight meets. coarse (n, k, 2): errors of unit variance
    at coarse heights; node, share (nodes,): where between them a node lies; sigma: their standard deviation; taper
    (nodes,): their share near the ground. intensity (nodes,) of Dryden turbulence, depth (nodes,) the step over its length and decay
    exp(-depth), zero at the first; noise (n, nodes, 4) its normal numbers (none where n is zero).
    """
    root3 = math.sqrt(3.0)
    nodes = base.shape[1]
    for f in range(out.shape[0]):
        for axis in range(2):
            before = 0.0
            x1, x2 = 0.0, 0.0
            for i in range(nodes):
                value = base[member[f], i, axis]
                if sigma > 0.0:
                    k = node[i]
                    e = coarse[f, k, axis] + share[i] * (coarse[f, k + 1, axis] - coarse[f, k, axis])
                    value += sigma * taper[i] * e
                if noise.shape[0] > 0:
                    # The transverse Dryden spectrum as two equal poles in a row, stepped exactly (MIL-F-8785C, 3.7.1.2).
                    d, a = depth[i], decay[i]
                    a2 = a * a
                    q11 = 0.5 * (1.0 - a2)
                    q12 = 0.25 * (1.0 - a2) - 0.5 * d * a2
                    q22 = 0.25 * (1.0 - a2) - 0.5 * a2 * (d + d * d)
                    n1 = math.sqrt(q11) * noise[f, i, 2 * axis]
                    n2 = q12 / q11 * n1 + math.sqrt(max(q22 - q12 * q12 / q11, 0.0)) * noise[f, i, 2 * axis + 1]
                    x2 = a * x2 + d * a * x1 + n2
                    x1 = a * x1 + n1
                    value += intensity[i] * (root3 * x1 + (1.0 - root3) * x2)
                if i > 0:
                    out[f, i - 1, 2 * axis] = before
                    out[f, i - 1, 2 * axis + 1] = value - before
                before = value
