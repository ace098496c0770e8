"""Solids for printers: binary STL (millimetres by custom) and 3MF (millimetres as it says itself)."""

from __future__ import annotations

import io
import zipfile

import numpy as np

from downrange.design.workshop.solids import Solid
from downrange.text import markup, plain

__all__ = ["MESHES", "mesh_bytes"]

MESHES = ("stl", "3mf")


def mesh_bytes(solid: Solid, kind: str) -> bytes:
    """The solid as a file of that `kind`, of `MESHES`."""
    return _stl(solid) if kind == "stl" else _3mf(solid)


def _stl(solid: Solid) -> bytes:
    p = solid.corners[solid.triangles].astype("<f4")  # (m, 3, 3)
    across = np.cross(p[:, 1] - p[:, 0], p[:, 2] - p[:, 0])
    size = np.linalg.norm(across, axis=1, keepdims=True)
    row = np.dtype([("normal", "<f4", 3), ("corners", "<f4", (3, 3)), ("spare", "<u2")])
    out = np.zeros(len(p), row)
    out["normal"], out["corners"] = across / np.where(size > 0, size, 1), p
    head = plain(f"downrange, mm: {solid.title}", 79).encode("ascii", "replace")
    return head.ljust(80) + np.uint32(len(p)).tobytes() + out.tobytes()


_TYPES = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="model" ContentType="application/vnd.ms-package.3dmanufacturing-3dmodel+xml"/></Types>'
)
_RELATIONS = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Target="/3D/3dmodel.model" Id="rel0" Type="http://schemas.microsoft.com/3dmanufacturing/2013/01/3dmodel"/></Relationships>'
)


def _3mf(solid: Solid) -> bytes:
    corners = "".join(f'<vertex x="{x:.6f}" y="{y:.6f}" z="{z:.6f}"/>' for x, y, z in solid.corners.tolist())
    faces = "".join(f'<triangle v1="{a}" v2="{b}" v3="{c}"/>' for a, b, c in solid.triangles.tolist())
    model = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<model unit="millimeter" xml:lang="en-US" xmlns="http://schemas.microsoft.com/3dmanufacturing/core/2015/02">'
        f'<metadata name="Title">{markup(solid.title, 200)}</metadata><resources><object id="1" type="model"><mesh><vertices>{corners}</vertices>'
        f'<triangles>{faces}</triangles></mesh></object></resources><build><item objectid="1"/></build></model>'
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in (("[Content_Types].xml", _TYPES), ("_rels/.rels", _RELATIONS), ("3D/3dmodel.model", model)):
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), text, zipfile.ZIP_DEFLATED)
    return out.getvalue()
