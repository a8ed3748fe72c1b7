"""The way of orders out of Snowflake: a script that people run there."""
