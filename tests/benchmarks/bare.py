"""The floor of autosave: a view that upserts one row, behind the same middleware, with this as its urlconf."""

import json

from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.urls import path

TABLE = "CREATE TABLE bench_floor (id integer PRIMARY KEY, value text NOT NULL, version integer NOT NULL)"
UPSERT = (
    "INSERT INTO bench_floor (id, value, version) VALUES (%s, %s, 1) "
    "ON CONFLICT (id) DO UPDATE SET value = excluded.value, version = bench_floor.version + 1"
)


def upsert(request: HttpRequest, pk: int, code: str) -> JsonResponse:
    with connection.cursor() as cursor:
        cursor.execute(UPSERT, [pk, json.dumps(json.loads(request.body)["value"])])
    return JsonResponse({"saved": code})


urlpatterns = [path("responses/<int:pk>/answers/<str:code>/", upsert)]
