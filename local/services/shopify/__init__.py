"""A stand-in for Shopify's Admin API: bulk operations of GraphQL, as strict as its description."""
