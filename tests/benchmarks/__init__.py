"""Speed against floors taken in the same run. Run: make bench, or python -m tests.benchmarks --small"""
