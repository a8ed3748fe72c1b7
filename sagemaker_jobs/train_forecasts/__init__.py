"""Learn what buyers will do next. Run by the `TrainForecasts` state."""
