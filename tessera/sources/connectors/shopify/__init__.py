"""Shopify's Admin API: bulk operations of GraphQL, whose results are files of JSON lines."""
