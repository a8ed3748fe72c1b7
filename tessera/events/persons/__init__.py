"""Who a row belongs to: ids that name a person, ids that name nobody, and what stands in."""
