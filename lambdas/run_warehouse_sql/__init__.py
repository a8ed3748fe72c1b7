"""RunWarehouseSql: the warehouse gets its views, its loads and what arrived meanwhile."""
