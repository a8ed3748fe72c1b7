"""An upload read and checked row by row on DuckDB."""
