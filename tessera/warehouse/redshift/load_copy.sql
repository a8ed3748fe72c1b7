COPY loaded ({names}) FROM '{manifest}'
IAM_ROLE default FORMAT AS PARQUET MANIFEST
