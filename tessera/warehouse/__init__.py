"""The star schema over the runs' tables: views as SQL text, one definition for every engine."""
