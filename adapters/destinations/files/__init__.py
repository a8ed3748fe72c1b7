"""The files of a run's destinations: customers by columns, contents, parts."""
