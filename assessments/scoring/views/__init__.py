"""Pages of scores: the site's result, the buyer's review."""
