DELETE FROM {schema}."{table}"
