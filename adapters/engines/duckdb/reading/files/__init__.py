"""The files of an upload as relations of texts, and where their records stand."""
