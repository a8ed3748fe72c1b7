"""The parts of the warehouse."""
