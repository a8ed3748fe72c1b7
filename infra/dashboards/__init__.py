"""Dashboards of Quick Sight over Athena, as code."""
