"""A raw file to canonical events: headers, dates, amounts, encodings."""
