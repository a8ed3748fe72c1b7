-- COPY cannot give a column the same value in each row, so the rows come here first.
CREATE TEMP TABLE loaded ({columns})
