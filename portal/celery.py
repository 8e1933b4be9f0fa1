"""The Celery application: tasks are found by room, the schedule by name."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.base")

app = Celery("sanpo")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
