"""Declarations of suppliers: asked for, handed in, checked, returned, accepted."""
