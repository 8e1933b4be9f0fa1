"""Mails in the reader's language."""
