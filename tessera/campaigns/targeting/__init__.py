"""Who to write to next: groups by how they react, and an offer's budget spent on the best first."""
