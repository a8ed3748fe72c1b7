-- Fails, and so ends the transaction, unless COPY loaded the rows that the folder's end counts.
SELECT CAST(CASE WHEN pg_last_copy_count() = {rows} THEN '0'
    ELSE 'COPY loaded ' || CAST(pg_last_copy_count() AS varchar) || ' of {rows} rows' END AS integer)
