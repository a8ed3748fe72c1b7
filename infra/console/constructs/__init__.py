"""The parts of the console stack."""
