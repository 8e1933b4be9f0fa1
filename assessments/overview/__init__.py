"""Dashboard, supplier card and reports."""
