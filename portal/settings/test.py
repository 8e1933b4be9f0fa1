"""Settings of the test suite: the base ones, quicker and without a network."""

import atexit
import os
import shutil
import tempfile

if "SANPO_DATA_DIR" not in os.environ:
    os.environ["SANPO_DATA_DIR"] = tempfile.mkdtemp(prefix="sanpo-test-")
    atexit.register(shutil.rmtree, os.environ["SANPO_DATA_DIR"], ignore_errors=True)
os.environ.setdefault("SANPO_SECRET_KEY", "test-key-test-key-test-key-test-key-test-key-0123456789")
os.environ.setdefault("SANPO_STATIC_FROM_SOURCE", "1")

from portal.settings.base import *  # noqa: F403
from portal.settings.base import DATA_DIR, DATABASES

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
AXES_ENABLED = False
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A file, not memory: with threads an in-memory database answers "table is locked".
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}
ICONS_STRICT = True  # a missing icon fails a test instead of leaving a hole
