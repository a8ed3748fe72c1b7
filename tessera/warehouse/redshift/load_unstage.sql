DROP TABLE loaded
