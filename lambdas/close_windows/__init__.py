"""CloseWindows: the days of the event stream that got parts become uploads."""
