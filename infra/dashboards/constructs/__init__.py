"""The parts of the dashboards."""
