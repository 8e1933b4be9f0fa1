"""Pages of the overview: dashboard, suppliers, reports."""
