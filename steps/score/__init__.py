"""Score: scores, clusters, segments, forecasts and movement of every customer."""
