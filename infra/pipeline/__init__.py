"""The stack that can be made again at any time: from an upload to every destination."""
