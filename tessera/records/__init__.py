"""The JSON documents of a run as types: one file a document, one codec for all of them."""
