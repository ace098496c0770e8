"""The census: every number by which this package is judged, in one file; `builders/census.py` writes it."""
