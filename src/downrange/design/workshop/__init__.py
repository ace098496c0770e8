"""From a design to the bench: true-size drawings of its parts, their meshes, and the list of what to buy, cut and print."""
