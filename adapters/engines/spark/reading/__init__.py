"""An upload read and checked row by row by Spark's executors."""
