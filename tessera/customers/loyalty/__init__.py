"""A score of loyalty from orders, clicks and e-mails, with weights that a shop's past teaches."""
