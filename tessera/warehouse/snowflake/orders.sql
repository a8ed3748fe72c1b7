-- Once, by an account administrator: the role in AWS that Snowflake assumes.
CREATE STORAGE INTEGRATION tessera
  TYPE = EXTERNAL_STAGE STORAGE_PROVIDER = 'S3' ENABLED = TRUE
  STORAGE_AWS_ROLE_ARN = 'arn:aws:iam::111122223333:role/tessera-snowflake'
  STORAGE_ALLOWED_LOCATIONS = ('s3://the-data-bucket/uploads/default/snowflake-orders/');

-- Its STORAGE_AWS_IAM_USER_ARN and STORAGE_AWS_EXTERNAL_ID go into the role's trust policy.
DESCRIBE INTEGRATION tessera;

CREATE STAGE shop.public.tessera_orders
  URL = 's3://the-data-bucket/uploads/default/snowflake-orders/'
  STORAGE_INTEGRATION = tessera;

-- Your orders in the columns of the data contract: ids as texts, instants in UTC, exact money.
CREATE VIEW shop.public.orders_for_tessera AS
SELECT
  CAST(line_id AS VARCHAR) AS "EventID",
  CAST(customer_id AS VARCHAR) AS "CustomerID",
  TO_VARCHAR(CONVERT_TIMEZONE('UTC', ordered_at), 'YYYY-MM-DD"T"HH24:MI:SS.FF3"Z"') AS "Date",
  'PURCHASED' AS "EventName",
  CAST(amount AS NUMERIC(18, 2)) AS "Amount",
  currency AS "Currency",
  CAST(order_id AS VARCHAR) AS "OrderID"
FROM shop.public.order_lines;

-- Each night: remove the old parts, write the new ones, then the object that completes the folder.
CREATE TASK shop.public.unload_orders
  WAREHOUSE = loading SCHEDULE = 'USING CRON 0 3 * * * UTC'
AS
BEGIN
  REMOVE @shop.public.tessera_orders;
  COPY INTO @shop.public.tessera_orders/data FROM shop.public.orders_for_tessera
    FILE_FORMAT = (TYPE = PARQUET) HEADER = TRUE MAX_FILE_SIZE = 268435456;
  COPY INTO @shop.public.tessera_orders/_SUCCESS
    FROM (SELECT COUNT(*) FROM shop.public.orders_for_tessera)
    FILE_FORMAT = (TYPE = CSV COMPRESSION = NONE) SINGLE = TRUE OVERWRITE = TRUE;
END;

ALTER TASK shop.public.unload_orders RESUME;
