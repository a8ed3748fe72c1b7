"""A table's rows to the data contract's columns: mapping files and their expressions."""
