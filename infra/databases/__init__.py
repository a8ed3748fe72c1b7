"""Operational databases: from DMS' change files to uploads."""
