"""The transport to PostgreSQL and Redshift."""
