"""Heights and people on a grid: SRTM `.hgt` tiles and GeoTIFF (extra `weather`).

A GeoTIFF is opened as a GeoTIFF or not at all: GDAL would follow a virtual or a web raster of that name to other
files and to the network. What lies beside it (`.aux.xml`, `.ovr`, world files) is not read either.
"""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Any

import numpy as np

from downrange.errors import InputError, seen
from downrange.formats.reading import guarded, read_bytes
from downrange.tables import grid_value

__all__ = ["read_geotiff", "read_hgt"]

_HEAD = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")  # TIFF 6.0 and BigTIFF, in both orders of bytes
_WINDOW = 16_000_000  # cells read at once: a square of 4,000
_LIMIT = 2_000_000_000  # bytes
_ALONE = {  # of GDAL: no neighbours, no network, no threads
    "GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR", "GDAL_PAM_ENABLED": "NO", "GDAL_GEOREF_SOURCES": "INTERNAL",
    "GDAL_HTTP_MAX_RETRY": "0", "GDAL_HTTP_TIMEOUT": "1", "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": ".none", "PROJ_NETWORK": "OFF",
    "GDAL_CACHEMAX": 64,
}  # fmt: skip


@guarded("an SRTM tile", quiet=True)
def read_hgt(path: Path, lat: np.ndarray, lon: np.ndarray) -> np.ndarray:
    """Heights (m) at points in degrees from an SRTM tile, bilinear; NaN outside the tile and at voids.

    Raises `InputError` for a name or a size that no tile has.
    """
    name = re.fullmatch(r"([NS])(\d\d)([EW])(\d\d\d)", path.stem.upper(), re.ASCII)
    if name is None:
        raise InputError("an SRTM tile is named like N39W009.hgt")
    south = int(name[2]) * (1 if name[1] == "N" else -1)
    west = int(name[4]) * (1 if name[3] == "E" else -1)
    data = read_bytes(path, 3601 * 3601 * 2)
    n = math.isqrt(len(data) // 2)
    if n not in (1201, 3601) or n * n * 2 != len(data):
        raise InputError(f"an SRTM tile has 1201 or 3601 rows of 16-bit heights; seen {len(data)} bytes")
    tile = np.frombuffer(data, ">i2").reshape(n, n)[::-1].astype(float)
    tile[tile < -1000] = np.nan
    out = np.full(lat.shape, np.nan)
    y, x = (lat - south) * (n - 1), (lon - west) * (n - 1)
    here = (y >= 0) & (y <= n - 1) & (x >= 0) & (x <= n - 1)
    out[here] = grid_value(tile, y[here], x[here])
    return out


@guarded("a GeoTIFF", quiet=True)
def read_geotiff(path: Path, lat: np.ndarray, lon: np.ndarray) -> tuple[np.ndarray, float]:
    """Values at points in degrees, of the cell that holds each, NaN where there are none; and the area of a cell at
    their middle, m2. Raises `InputError` for what is no GeoTIFF, has no system of coordinates, or is too large."""
    _check_head(path)
    try:
        import rasterio
    except ImportError:
        raise InputError("GeoTIFF needs the extra weather: pip install 'downrange[weather]'") from None
    with rasterio.Env(**_ALONE), rasterio.open(path.resolve(), driver="GTiff", sharing=False) as source:
        if source.crs is None or source.transform.is_degenerate or source.transform.is_identity:
            raise InputError("it does not say where on the Earth it lies (no coordinate reference system)")
        if source.count < 1 or any(a * b > _WINDOW for a, b in source.block_shapes):
            raise InputError("it has no band, or blocks that are too large: save it with tiles of 512")
        x, y = _in_crs(source.crs, lat, lon)
        back = ~source.transform
        rows, cols = np.floor(back.d * x + back.e * y + back.f), np.floor(back.a * x + back.b * y + back.c)
        values = _cells(source, rows, cols)
        wide, high = (math.hypot(*side) for side in zip(*_sides(source.transform), strict=True))
        if source.crs.is_geographic:
            wide, high = wide * 111_320 * float(np.cos(np.radians(lat.mean()))), high * 110_574
    if not wide * high > 0:
        raise InputError("its cells have no size")
    return values.reshape(lat.shape), wide * high


def _check_head(path: Path) -> None:
    if not path.is_file():
        raise InputError("no such file", file=str(path))
    if path.stat().st_size > _LIMIT:
        raise InputError(f"more than {_LIMIT / 1e9:.0f} GB: cut it to the surroundings of the pad", file=str(path))
    with path.open("rb") as f:
        head = f.read(16)
    if not head.startswith(_HEAD):
        raise InputError(f"this is not a GeoTIFF: it begins with {seen(head)}", file=str(path))


def _sides(t: Any) -> tuple[tuple[float, float], tuple[float, float]]:
    """The steps in x and y of one cell to the right and one down, as columns."""
    return (t.a, t.b), (t.d, t.e)


def _in_crs(crs: Any, lat: np.ndarray, lon: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    from rasterio.warp import transform

    x, y = transform("EPSG:4326", crs, lon.ravel(), lat.ravel())
    return np.asarray(x, float), np.asarray(y, float)


def _cells(source: Any, rows: np.ndarray, cols: np.ndarray) -> np.ndarray:
    """Values of the first band at rows and columns (n,); NaN outside it and where it has no data."""
    from rasterio.windows import Window

    out = np.full(rows.shape, np.nan)
    here = (rows >= 0) & (rows < source.height) & (cols >= 0) & (cols < source.width)
    if not here.any():
        return out
    r, c = rows[here].astype(np.int64), cols[here].astype(np.int64)
    top, left = int(r.min()), int(c.min())
    high, wide = int(r.max()) - top + 1, int(c.max()) - left + 1
    if high * wide > _WINDOW:
        raise InputError(f"{wide} x {high} cells lie about the pad, at most {_WINDOW:,} are read: save it coarser")
    data = source.read(1, window=Window(left, top, wide, high), masked=True)
    values = np.ma.filled(data.astype(float), np.nan)[r - top, c - left]
    out[here] = values * source.scales[0] + source.offsets[0]
    return out
