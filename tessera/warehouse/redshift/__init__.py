"""The SQL of the warehouse on Redshift, as files, and the order in which it is run."""
