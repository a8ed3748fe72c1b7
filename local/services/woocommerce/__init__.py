"""A WooCommerce store on loopback."""
