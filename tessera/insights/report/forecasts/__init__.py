"""The report on forecasts: the front page, what customers are worth, and the test of it all."""
