"""The JSON documents of the API that are no documents of a run."""
