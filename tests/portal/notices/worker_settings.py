"""Settings of a worker whose mail server is slow and writes down whom it served."""

from portal.settings.test import *  # noqa: F403
from portal.settings.test import DATA_DIR

EMAIL_BACKEND = "tests.portal.notices.worker_settings.SlowServer"
MAIL_LOG = DATA_DIR / "mails-taken.txt"


class SlowServer:
    """Takes 50 ms per mail; one line per mail it took."""

    def __init__(self, **_options):
        """Take whatever Django passes."""

    def open(self):
        return True

    def close(self):
        pass

    def send_messages(self, messages):
        import time

        for message in messages:
            with MAIL_LOG.open("a") as log:
                log.write(f"{message.to[0]}\n")
            time.sleep(0.05)
        return len(messages)
