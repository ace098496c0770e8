"""What the workshop is given: drawings, meshes, lists; and what the terminal says of them."""
