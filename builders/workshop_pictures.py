"""The pictures of docs/workshop.md: pages of the TARC example's drawings, through the PDF that is printed."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGES = {"workshop_rocket": "The whole rocket", "workshop_fin": "Fin template", "workshop_guide": "Marking guide"}


def main() -> None:
    """Draw them anew (needs pypdfium2)."""
    import pypdfium2

    import downrange as dr
    from downrange.formats.drawing.pdf import pdf_bytes

    made = dr.workshop(ROOT / "examples" / "tarc" / "launch.yaml", units="us", paper="a4")
    for name, begins in PAGES.items():
        drawing = next(d for d in made.drawings if d.title.startswith(begins))
        page = pypdfium2.PdfDocument(pdf_bytes([drawing], made.rocket.name))[0]
        page.render(scale=1.1).to_pil().convert("P").save(ROOT / "docs" / "pictures" / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
