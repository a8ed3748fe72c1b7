"""Dashboards as data: sheets and visuals, from which Quick Sight's definition and pictures come."""
