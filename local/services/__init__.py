"""Local servers for the services that embedded AWS lacks, strict against their models."""
