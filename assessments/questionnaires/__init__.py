"""Questionnaires: one typed document per version, its conditions and its checks."""
