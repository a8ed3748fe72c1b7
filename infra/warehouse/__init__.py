"""A warehouse of Redshift Serverless over the runs, and the views for Athena."""
