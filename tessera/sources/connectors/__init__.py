"""Shops' APIs, read directly: where a pull is, and each shop's orders as rows of the contract."""
