DELETE FROM {schema}."{table}" WHERE "tenant" = '{tenant}'
