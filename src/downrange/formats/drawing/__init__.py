"""Drawings and solids for printers, cutters and machines: SVG, DXF, PDF in pages, STL and 3MF."""
