"""The contexts of two stages that differ from the one that ships."""

from __future__ import annotations

from tessera.contracts.destinations import DESTINATIONS

OTHER = {
    "stage": "prod",
    "tessera": {
        "defaults": {"region": "eu-west-1"},
        "stages": {
            "prod": {
                "account": "111122223333",
                "analytics_policy": True,
                "destinations": ["export", "klaviyo", "postgresql", "redshift"],
                "network": {
                    "subnet_ids": ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
                    "security_group_ids": ["sg-0123456789abcdef0"],
                },
                "storage": {"upload_days": 0, "run_days": 90, "raw_days": 0, "access_log_days": 0},
                "schedule": {"enabled": True, "hour": 4},
                "alarms": {"email": "ops@example.com", "long_run_hours": 5},
                "jobs": {
                    "train_instance": "ml.c5.xlarge",
                    "glue_workers": 4,
                    "keep_alive_minutes": 45,
                },
                "run": {"window_months": 24},
            }
        },
    },
}

FULL = {
    "stage": "full",
    "tessera": {
        "stages": {
            "full": {
                "account": "111122223333",
                "retain": False,
                "analytics_policy": True,
                "lake_formation": True,
                "audit": {"data_events": True, "trail_days": 365},
                "uploaders_policy": True,
                "permissions_boundary": "arn:aws:iam::111122223333:policy/Bound",
                "destinations": list(DESTINATIONS),
                "allow_retired": True,
                "pinpoint": {"application_id": "0123456789abcdef"},
                "ses": {"contact_list": "shop", "import_contacts": True},
                "customer_profiles": {"loader": "upload"},
                "connect_campaign": {
                    "connect_instance_id": "0a1b-2c3d",
                    "segment": "_RFM_At_Risk",
                    "start_at": "2026-12-01T09:00:00Z",
                    "end_at": "2026-12-31T09:00:00Z",
                    "email_address": "shop@example.com",
                    "email_template_arn": (
                        "arn:aws:wisdom:us-east-1:111122223333:message-template/kb/template"
                    ),
                },
                "network": {
                    "subnet_ids": ["subnet-0123456789abcdef0"],
                    "security_group_ids": ["sg-0123456789abcdef0"],
                },
                "schedule": {"enabled": True},
                "jobs": {"compute": "functions"},
                "crm": {
                    "objects": ["salesforce-opportunities", "hubspot-deals"],
                    "hour": 0,
                    "appflow": True,
                    "appflow_connection": "salesforce-of-the-shop",
                },
                "stream": {
                    "shards": 2,
                    "retention_hours": 72,
                    "origins": ["https://shop.example", "https://a.example:8443"],
                },
                "labels": {
                    "enabled": True,
                    "forward": [
                        "braze",
                        "customerio",
                        "hubspot",
                        "iterable",
                        "klaviyo",
                        "webhook",
                    ],
                },
                "database": {
                    "mode": "changes",
                    "name": "shop",
                    "tables": ["public.orders", "public.refunds"],
                    "most_units": 8,
                    "vpc_id": "vpc-0123456789abcdef0",
                    "subnet_ids": ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
                    "route_table_ids": ["rtb-0123456789abcdef0"],
                    "aurora": True,
                    "zero_etl": (
                        "arn:aws:redshift-serverless:us-east-1:111122223333:namespace/0a1b2c3d"
                    ),
                },
                "connectors": {"names": ["shopify", "stripe", "woocommerce"]},
                "dashboards": {
                    "reader_group": "arn:aws:quicksight:us-east-1:111122223333:group/default/shop",
                    "author_group": "arn:aws:quicksight:us-east-1:111122223333:group/default/data",
                },
                "warehouse": {
                    "enabled": True,
                    "athena_views": True,
                    "subnet_ids": [f"subnet-0123456789abcdef{number}" for number in range(3)],
                    "security_group_ids": ["sg-0123456789abcdef0"],
                    "loads": ["database-orders=EventID,CustomerID,Date,Amount"],
                    "orders": "shop.public.orders",
                    "customers_schema": "tessera_customers",
                },
                "alarms": {"email": "ops@example.com", "no_run_days": 0},
            }
        },
    },
}
