"""Exports of a CRM or ERP: from the bucket that they are put into to uploads."""
