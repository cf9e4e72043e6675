"""Relations: events and claims to ties, triangles and what they rest on."""
