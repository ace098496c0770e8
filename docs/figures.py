"""Draw the scorecard's picture. Pages that come from the code are made by `builders/make_docs.py`, the validation page by `builders/census.py`."""

from __future__ import annotations

from pathlib import Path

HERE = Path(__file__).resolve().parent


def main() -> None:
    """Draw it anew."""
    from downrange.report.scorecard import scorecard, scorecard_figure

    scorecard_figure(scorecard()).savefig(HERE / "pictures" / "scorecard.png", dpi=70)


if __name__ == "__main__":
    main()
