"""Facts of scores and weights, for pages, PDFs and sheets."""
