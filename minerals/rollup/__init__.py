"""The company's own declaration, rolled up from those of its suppliers."""
