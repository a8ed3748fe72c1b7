"""Curation: the job that makes an upload of a source's files."""
