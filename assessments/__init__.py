"""How well a site does: questionnaires, responses, scores, campaigns."""
