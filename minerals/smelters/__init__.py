"""Smelters and refiners, keyed by metal and CID: names, statuses over time, matching, outreach."""
