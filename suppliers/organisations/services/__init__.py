"""Deeds of this room, split by subject; `from suppliers.organisations import services` gives them all."""
