"""The console on this machine: the API, the built page and the app behind them, in one process."""
