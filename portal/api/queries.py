"""Reads: the tokens of a person, and whether the person may have any."""

from collections.abc import Callable

from django.conf import settings
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.utils import timezone
from django.utils.module_loading import import_string

from portal.accounts.models import User
from portal.api.models import Token


def token_organisations(user: User) -> list[int]:
    """Return the organisations in which the person has a role that may use tokens; empty: no tokens at all.

    Roles belong to a higher storey, so the settings name who knows them.
    """
    ask: Callable[[User], list[int]] = import_string(settings.API_TOKEN_ORGANISATIONS)
    return ask(user)


def live_tokens(user: User) -> QuerySet[Token]:
    """Return tokens of a person that open the door today."""
    return Token.objects.filter(still_live(), user=user)


def tokens_of(user: User) -> QuerySet[Token]:
    """Return every token of a person, live ones first, then the newest."""
    rank = Case(When(still_live(), then=Value(0)), default=Value(1), output_field=IntegerField())
    return Token.objects.filter(user=user).order_by(rank, "-created_at", "-pk")


def still_live() -> Q:
    """The condition of a token that is neither revoked nor expired; says the same as Token.is_live."""
    return Q(revoked_at=None) & (Q(expires_at=None) | Q(expires_at__gt=timezone.now()))


def token_with(prefix: str) -> Token | None:
    """Return the token of a prefix with its person; one query."""
    return Token.objects.select_related("user").filter(prefix=prefix).first()
