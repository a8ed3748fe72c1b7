"""``tessera curate``: exports of a CRM or ERP to an upload, on this machine."""
