"""The RMI reporting templates as files: read, checked, written."""
