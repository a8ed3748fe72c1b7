"""What Score computed, and the models that it used."""
