"""Long work with progress a page can show."""
