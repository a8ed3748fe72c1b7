"""One capability each, stating what it touches."""
