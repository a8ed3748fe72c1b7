"""Write what the console takes from Python: the API's types, the settings and profile columns."""
