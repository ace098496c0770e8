"""Drawings read back: the lines of an SVG, a DXF and a PDF in millimetres on paper, by what those formats say and not by their writers."""

from __future__ import annotations

import io
import re
import zlib
from xml.etree import ElementTree as ET

import numpy as np

SVG = "{http://www.w3.org/2000/svg}"


def svg_lines(text: str, style: str = "cut") -> list[np.ndarray]:
    """Lines (n, 2) mm of a style, y up; its unit is checked to be the millimetre."""
    root = ET.fromstring(text)
    wide, high = (float(re.fullmatch(r"([\d.]+)mm", root.attrib[k]).group(1)) for k in ("width", "height"))
    x0, y0, w, h = map(float, root.attrib["viewBox"].split())
    assert (w, h) == (wide, high) and (x0, y0) == (0, 0), "one unit is one millimetre"
    out = []
    for e in root.iter():
        if e.attrib.get("class") == style and e.tag in (f"{SVG}polygon", f"{SVG}polyline"):
            p = np.array([tuple(map(float, q.split(","))) for q in e.attrib["points"].split()])
            out.append(np.column_stack([p[:, 0], high - p[:, 1]]))
    return out


def svg_circles(text: str) -> list[tuple[float, float, float]]:
    high = float(ET.fromstring(text).attrib["height"][:-2])
    found = [e.attrib for e in ET.fromstring(text).iter(f"{SVG}circle")]
    return [(float(a["cx"]), high - float(a["cy"]), float(a["r"])) for a in found if a["class"] == "cut"]


def svg_arcs(text: str) -> list[list[tuple[float, ...]]]:
    """Each path of arcs: start, then (radius, x, y) of each half; mm, y down as in the file."""
    out = []
    for e in ET.fromstring(text).iter(f"{SVG}path"):
        start, *halves = re.findall(r"[MA]([^MA]+)", e.attrib["d"])
        ends = [tuple(map(float, re.split(r"[ ,]+", h.strip()))) for h in halves]
        out.append([tuple(map(float, start.strip().split(","))), *((h[0], h[5], h[6]) for h in ends)])
    return out


def dxf_space(text: str):
    import ezdxf

    drawing = ezdxf.read(io.StringIO(text))
    assert drawing.units == 4, "millimetres"
    assert not drawing.audit().errors
    return drawing.modelspace()


def dxf_lines(text: str, layer: str = "CUT") -> list[np.ndarray]:
    return [np.array(list(e.get_points("xy"))) for e in dxf_space(text).query("LWPOLYLINE") if e.dxf.layer == layer]


class Page:
    """A page of a PDF: its size in mm, and its subpaths in mm on the paper, each with its window."""

    def __init__(self, size: tuple[float, float], content: str):
        self.size, self.window, self.paths, self.circles = size, None, [], []
        m = np.eye(3)
        stack, stroke, current, box = [], [], None, None
        numbers: list[float] = []
        for word in re.sub(r"<[^>]*>", " 0 ", re.sub(r"\[[^\]]*\]", " 0 ", content)).split():
            if re.fullmatch(r"-?\d*\.?\d+", word):
                numbers.append(float(word))
                continue
            if word == "cm":
                a, b, c, d, e, f = numbers
                m = np.array([[a, b, 0], [c, d, 0], [e, f, 1]]) @ m
            elif word == "q":
                stack.append((m, self.window))
            elif word == "Q":
                m, _ = stack.pop()
            elif word == "re":
                box = numbers[-4:]
            elif word == "W":
                low, high = (self._mm(m, box[:2]), self._mm(m, [box[0] + box[2], box[1] + box[3]]))
                self.window = (*low, *high)
            elif word == "m":
                current = [self._mm(m, numbers[-2:])]
                stroke.append(current)
            elif word == "l" or word == "c":
                current.append(self._mm(m, numbers[-2:]))
            elif word == "h":
                current.append(current[0])
            elif word == "S":
                self.paths += [np.array(p) for p in stroke]
                stroke = []
            numbers = []

    @staticmethod
    def _mm(m: np.ndarray, p: list[float]) -> tuple[float, float]:
        x, y, _ = np.array([*p, 1.0]) @ m
        return x * 25.4 / 72, y * 25.4 / 72


def pdf_pages(data: bytes) -> list[Page]:
    """The pages in their order."""
    assert b"/PrintScaling /None" in data and b"/UserUnit" not in data
    objects = {int(k): body for k, body in re.findall(rb"(\d+) 0 obj\n(.*?)\nendobj\n", data, re.S)}
    kids = re.search(rb"/Kids \[([^\]]*)\]", objects[2]).group(1)
    out = []
    for k in re.findall(rb"(\d+) 0 R", kids):
        page = objects[int(k)]
        box = [float(v) for v in re.search(rb"/MediaBox \[([^\]]*)\]", page).group(1).split()]
        content = objects[int(re.search(rb"/Contents (\d+) 0 R", page).group(1))]
        stream = content[content.index(b"stream\n") + 7 : content.rindex(b"\nendstream")]
        out.append(Page((box[2] * 25.4 / 72, box[3] * 25.4 / 72), zlib.decompress(stream).decode()))
    return out


def stl_triangles(data: bytes) -> np.ndarray:
    """Corners (n, 3, 3) of a binary STL, as stored."""
    count = int(np.frombuffer(data, "<u4", 1, 80)[0])
    assert len(data) == 84 + 50 * count
    row = np.dtype([("normal", "<f4", 3), ("corners", "<f4", (3, 3)), ("spare", "<u2")])
    return np.frombuffer(data, row, count, 84)["corners"].astype(float)


def watertight(triangles: np.ndarray) -> bool:
    """Whether each edge of triangles (n, 3, 3) is run through once each way."""
    _, index = np.unique(triangles.reshape(-1, 3), axis=0, return_inverse=True)
    faces = index.reshape(-1, 3)
    faces = faces[(faces[:, 0] != faces[:, 1]) & (faces[:, 1] != faces[:, 2]) & (faces[:, 2] != faces[:, 0])]
    edges = np.vstack([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]])
    there, n = np.unique(edges, axis=0, return_counts=True)
    back = np.unique(edges[:, ::-1], axis=0)
    return bool((n == 1).all() and len(there) == len(back) and (there == back).all())


def volume(triangles: np.ndarray) -> float:
    """Volume inside triangles (n, 3, 3) that are turned outwards (Gauss)."""
    a, b, c = triangles[:, 0], triangles[:, 1], triangles[:, 2]
    return float(np.einsum("ij,ij->i", a, np.cross(b, c)).sum() / 6)
