"""The settings of the suite with the bare view as the only page."""

from portal.settings.test import *  # noqa: F403

ROOT_URLCONF = "tests.benchmarks.bare"
