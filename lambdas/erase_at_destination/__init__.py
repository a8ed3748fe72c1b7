"""The function that erases people at a destination."""
