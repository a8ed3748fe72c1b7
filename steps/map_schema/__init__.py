"""Join profiles with identities, and write the import files of each destination."""
