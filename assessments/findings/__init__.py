"""What is wrong at a site."""
