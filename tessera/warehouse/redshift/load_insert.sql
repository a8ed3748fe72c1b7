INSERT INTO {schema}."{table}" ("tenant", {names})
SELECT '{tenant}', {names} FROM loaded
