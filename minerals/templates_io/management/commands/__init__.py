"""Management commands of the room."""
