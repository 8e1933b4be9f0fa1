"""What people enter about organisations, one file per subject."""
