"""Shops' APIs: the transport of a connector's requests, and the change files of what came."""
