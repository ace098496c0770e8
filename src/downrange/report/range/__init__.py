"""Papers for the range: the flight card, the data sheet of a certification, and checklists made from the design's own parts."""
