"""Template filters of audits."""
