"""The steps of sources that arrive continuously: store what came, then close its upload."""
