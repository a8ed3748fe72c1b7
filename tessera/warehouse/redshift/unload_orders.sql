UNLOAD ('SELECT {columns} FROM {source}{where}')
TO '{folder}' IAM_ROLE default FORMAT AS PARQUET MAXFILESIZE 256 MB
ENCRYPTED KMS_KEY_ID '{key}'
