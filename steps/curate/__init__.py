"""Curation: the change files of a table to the upload that stands for it."""
