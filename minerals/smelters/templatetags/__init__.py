"""Words and tones of smelters for templates."""
