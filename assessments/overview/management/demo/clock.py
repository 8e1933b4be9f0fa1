"""The demo tells three years of story: services run at the moment they would have run."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from unittest.mock import patch

from django.utils import timezone


@contextmanager
def at_moment(moment: datetime) -> Iterator[None]:
    """Let Django's clock stand at a moment inside the block. Only the demo does this, in its own process."""
    with patch.object(timezone, "now", lambda: moment):
        yield
