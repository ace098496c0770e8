"""The compiled loops of flow along the port: floats and arrays only; `ballistics.axial` owns what they are given."""

import numpy as np

from downrange.motor.ballistics.kernels import compiled, piece_at, table_at

__all__ = ["eroded", "march_along"]


@compiled
def mach2_of(n, k):
    """Square of the subsonic Mach number where flow sqrt(R T) over the impulse function p A + mdot u is n; -1 where the flow would choke."""
    n2 = n * n
    a, b = n2 * k * k - 0.5 * k * (k - 1), 2 * k * n2 - k
    inside = b * b - 4 * a * n2
    if inside < 0 or b >= 0:
        return -1.0
    y = 2 * n2 / (-b + np.sqrt(inside))
    return y if y <= 1 else -1.0


@compiled
def mach2_in(flow, heat, stagnation, area, k):
    """Square of the subsonic Mach number of a flow in an area under a stagnation pressure; -1 where it would choke."""
    goal = flow * np.sqrt(heat) / (stagnation * area * np.sqrt(k))
    e = (k + 1) / (2 * (k - 1))
    if goal >= (2 / (k + 1)) ** e:
        return -1.0
    m = goal
    for _ in range(40):
        s = 1 + 0.5 * (k - 1) * m * m
        f = m * s**-e - goal
        slope = s**-e * (1 - m * m) / s
        step = f / slope
        m -= step
        if abs(step) < 1e-13:
            break
    return m * m


@compiled
def eroded(r0, density, flux, hydraulic, alpha, beta, viscosity):
    """Burning rate with cross flow: Mukunda and Paul's where the gas has a viscosity, r = r0 (1 + 0.023 (g^0.8 - 35^0.8)) above g = 35,
    g = G/(rho r0) (rho r0 D/mu/1000)^-0.125; else Lenoir and Robillard's, r = r0 + alpha G^0.8 / D^0.2 exp(-beta r rho / G), by Newton."""
    if flux <= 0 or r0 <= 0:
        return r0
    if viscosity > 0:
        made = density * r0
        g = flux / made * (made * hydraulic / viscosity / 1000.0) ** -0.125
        return r0 * (1 + 0.023 * (g**0.8 - 35.0**0.8)) if g > 35.0 else r0
    if alpha <= 0:
        return r0
    gain, fall = alpha * flux**0.8 / hydraulic**0.2, beta * density / flux
    r = r0
    for _ in range(30):
        added = gain * np.exp(-fall * r)
        step = (r - r0 - added) / (1 + fall * added)
        r -= step
        if abs(step) < 1e-12 * r:
            break
    return r


@compiled
def down_the_port(
    head, x, eaten, segment, start, dz, charge, table, first, grid, area_of, edge_of, stretch, bare, lengths, where, bore,
    density, erosive, law, edges, coefficient, exponent, c_star, factor, k, rates, faces, fluxes, left,
):  # fmt: skip
    """March from the forward end aft under a pressure there: (stagnation pressure at the end, flow, c* of it); -1 where the port chokes.

    A slice adds mass without momentum along the axis; between slices of different areas the step sees the static pressure;
    into a narrower port the flow is isentropic, into a wider gap the step sees the pressure of the port (Borda and Carnot).
    """
    flow, flow_c2 = 0.0, 0.0
    area, impulse, p, mach2 = bore, head * bore, head, 0.0
    stagnation = head
    fluxes[:] = 0.0
    n = segment.size
    for i in range(n):
        s, c = segment[i], charge[i]
        opens = i == 0 or segment[i - 1] != s
        solid = table_at(x[i], grid, area_of, first[table[i]], first[table[i] + 1])
        port = max(bore - solid, 1e-9)
        piece = piece_at(p, c, law, edges)
        r0 = coefficient[piece] * p ** exponent[piece]
        if opens:
            if bare[s, 0] > 0:
                faces[s, 0] = r0
                m = density[c] * r0 * solid * (1.0 if eaten[s, 0] + eaten[s, 1] < lengths[s] else 0.0)
                flow += m
                flow_c2 += m * c_star[piece] ** 2
            if flow > 0:
                heat = flow_c2 / flow * factor**2
                mach2 = mach2_in(flow, heat, stagnation, port, k)
                if mach2 < 0:
                    return -1.0, flow, 0.0
            else:
                mach2 = 0.0
            p = stagnation * (1 + 0.5 * (k - 1) * mach2) ** (-k / (k - 1))
            impulse = p * port * (1 + k * mach2)
        else:
            impulse += p * (port - area)
        area = port
        low, high = max(start[i] - where[s], eaten[s, 0]), min(start[i] - where[s] + dz[i], lengths[s] - eaten[s, 1])
        here = max(high - low, 0.0)
        left[i] = solid * here
        perimeter = table_at(x[i], grid, edge_of, first[table[i]], first[table[i] + 1])
        flux = flow / port
        piece = piece_at(p, c, law, edges)
        r = coefficient[piece] * p ** exponent[piece]
        if perimeter > 0:
            r = eroded(r, density[c], flux, 4 * port / perimeter, erosive[c, 0], erosive[c, 1], erosive[c, 2])
        rates[i] = r * stretch[i] if solid > 0 else 0.0
        if solid > 0 and here > 0:
            m = density[c] * r * perimeter * stretch[i] * here
            flow += m
            flow_c2 += m * c_star[piece] ** 2
        if flow > 0:
            heat = flow_c2 / flow * factor**2
            mach2 = mach2_of(flow * np.sqrt(heat) / impulse, k)
            if mach2 < 0:
                return -1.0, flow, 0.0
            p = impulse / (area * (1 + k * mach2))
        fluxes[s] = max(fluxes[s], flow / port)
        if i == n - 1 or segment[i + 1] != s:
            if i < n - 1:  # into the gap
                impulse += p * (bore - area)
                area = bore
                if flow > 0:
                    mach2 = mach2_of(flow * np.sqrt(flow_c2 / flow * factor**2) / impulse, k)
                    p = impulse / (area * (1 + k * mach2))
            stagnation = p * (1 + 0.5 * (k - 1) * mach2) ** (k / (k - 1))
            if bare[s, 1] > 0:
                piece = piece_at(p, c, law, edges)
                r0 = coefficient[piece] * p ** exponent[piece]
                faces[s, 1] = r0
                m = density[c] * r0 * solid * (1.0 if eaten[s, 0] + eaten[s, 1] < lengths[s] else 0.0)
                flow += m
                flow_c2 += m * c_star[piece] ** 2
    return stagnation, flow, np.sqrt(flow_c2 / flow) if flow > 0 else 0.0


@compiled
def balance(
    head, throat, ambient, x, eaten, segment, start, dz, charge, table, first, grid, area_of, edge_of, stretch, bare, lengths, where, bore,
    density, erosive, law, edges, coefficient, exponent, c_star, factor, k, rates, faces, fluxes, left,
):  # fmt: skip
    """The pressure at the forward end at which what is made leaves the throat, searched from `head`: (it, stagnation at the end, flow)."""
    low, high, f_low, f_high = 0.0, 0.0, 0.0, 0.0
    y, step, found = np.log(max(head, ambient)), 0.02, 0
    stagnation, flow = 0.0, 0.0
    for _ in range(200):
        stagnation, flow, c = down_the_port(
            np.exp(y), x, eaten, segment, start, dz, charge, table, first, grid, area_of, edge_of, stretch, bare, lengths, where, bore,
            density, erosive, law, edges, coefficient, exponent, c_star, factor, k, rates, faces, fluxes, left,
        )  # fmt: skip
        if stagnation > 0 and flow <= 0:
            return ambient, ambient, 0.0
        f = 5.0 if stagnation < 0 else np.log(flow * c / (stagnation * throat))
        if abs(f) < 1e-10:
            break
        if f > 0:
            low, f_low = y, f
            found |= 1
        else:
            high, f_high = y, f
            found |= 2
        if found == 3:
            if high - low < 1e-12:
                break
            share = f_low / (f_low - f_high)
            share = 0.5 if f_low >= 5.0 else min(max(share, 0.02), 0.98)
            y = low + share * (high - low)
        else:
            y += step if f > 0 else -step
            step *= 2.5
        if y > 25:
            return np.inf, np.inf, flow
        if y < np.log(ambient):
            return ambient, ambient, flow
    return np.exp(y), stagnation, flow


@compiled
def march_along(
    steps, segment, start, dz, charge, table, first, grid, area_of, edge_of, stretch, bare, lengths, where, bore,
    density, erosive, law, edges, coefficient, exponent, c_star, factor, k, radius, erosion, slag, ambient, out, deep, flux, mass,
):  # fmt: skip
    """Burn along the port, in balance at every moment: rows of out are time, pressures at the forward end and before the nozzle, throat
    radius, flow; of `deep` how far each slice has burnt, of `flux` the highest in each segment, of `mass` the volume left of each. Heun's rule.
    """
    n, m = segment.size, lengths.size
    x, rates, left = np.zeros(n), np.zeros(n), np.zeros(n)
    eaten, faces = np.zeros((m, 2)), np.zeros((m, 2))
    fluxes = np.zeros(m)
    time, head, rows, peak = 0.0, 2 * ambient, 0, 0.0
    web = 0.0
    for q in table:
        if area_of[first[q + 1] - 1] == 0:  # not of what has no web
            web = max(web, grid[first[q + 1] - 1])
    if web == 0:
        web = lengths.max()
    while rows < out.shape[0]:
        throat = np.pi * radius**2
        faces[:] = 0.0
        head, end, flow = balance(
            head, throat, ambient, x, eaten, segment, start, dz, charge, table, first, grid, area_of, edge_of, stretch, bare, lengths, where, bore,
            density, erosive, law, edges, coefficient, exponent, c_star, factor, k, rates, faces, fluxes, left,
        )  # fmt: skip
        if not head < 1e10:
            return -1
        out[rows, 0], out[rows, 1], out[rows, 2], out[rows, 3], out[rows, 4] = time, head, end, radius, flow
        deep[rows] = x
        flux[rows] = fluxes
        mass[rows] = 0.0
        for i in range(n):
            mass[rows, segment[i]] += left[i]
        rows += 1
        peak = max(peak, head)
        if flow <= 0 or (head <= ambient * 1.0001 and rows > 3):
            break
        fastest = rates.max()
        for s in range(m):
            fastest = max(fastest, faces[s, 0], faces[s, 1])
        dt = web / steps / max(fastest, 1e-9)
        rest = 0.0  # until all is gone, so that the last step ends there
        for s in range(m):
            gone, ends = 0.0, faces[s, 0] + faces[s, 1]
            for i in range(n):
                if segment[i] == s and rates[i] > 0:
                    gone = max(gone, (grid[first[table[i] + 1] - 1] - x[i]) / rates[i])
            by_ends = (lengths[s] - eaten[s, 0] - eaten[s, 1]) / ends if ends > 0 else 0.0
            if gone > 0 and by_ends > 0:
                rest = max(rest, min(gone, by_ends))
            else:
                rest = max(rest, gone, by_ends)
        if 0 < rest < dt:
            dt = rest * (1 + 1e-9)
        ahead = x + dt * rates
        eaten1 = eaten + dt * faces
        r0, f0 = rates.copy(), faces.copy()
        wider = max(radius + dt * (erosion * end - slag / end), 1e-5)
        head1, end1, flow1 = balance(
            head, np.pi * wider**2, ambient, ahead, eaten1, segment, start, dz, charge, table, first, grid, area_of, edge_of, stretch, bare, lengths,
            where, bore, density, erosive, law, edges, coefficient, exponent, c_star, factor, k, rates, faces, fluxes, left,
        )  # fmt: skip
        if not head1 < 1e10:
            return -1
        for i in range(n):
            x[i] += 0.5 * dt * (r0[i] + rates[i]) if rates[i] > 0 else dt * r0[i]
        eaten += 0.5 * dt * (f0 + faces)
        radius = max(radius + 0.5 * dt * (erosion * (end + end1) - slag * (1 / end + 1 / end1)), 1e-5)
        time += dt
    return rows
