"""Requests the company itself receives, and the answers made from the roll-up."""
