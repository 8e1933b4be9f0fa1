"""The door to the workers: a hint sent after commit; the sweeps over state are the guarantee."""

import logging

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)


def enqueue(name: str, /, **kwargs: object) -> None:
    """Run the task called `name` in a worker, once this transaction has committed.

    A broker that is down is logged, never raised: the room's sweep finds the work by its state.
    """

    def send() -> None:
        try:
            current_app.signature(name, kwargs=kwargs).delay()
        except (OperationalError, OSError) as error:
            logger.warning("Broker not reached for %s; the sweep will find the work (%s)", name, error)

    transaction.on_commit(send)
