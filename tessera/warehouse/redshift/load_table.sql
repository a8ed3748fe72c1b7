CREATE TABLE IF NOT EXISTS {schema}."{table}" ("tenant" varchar(48), {columns})
