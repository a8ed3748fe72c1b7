"""What runs on this machine remember: history, ledgers, earlier runs and stand-ins."""
