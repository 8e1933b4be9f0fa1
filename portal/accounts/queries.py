"""Reads: invitations and the people behind them."""

from django.conf import settings

from portal.accounts.models import Invitation, User

MAX_HOPS = 5
LANGUAGE_CODES = frozenset(code for code, _name in settings.LANGUAGES)


def person_with(email: str) -> User | None:
    """Return the person who signs in by this address."""
    return User.objects.filter(email=email.strip().lower()).first()


def chain_of(invitation: Invitation) -> list[Invitation]:
    """Return the invitation and those it was handed on to, in order."""
    chain, seen = [invitation], {invitation.pk}
    while (following := chain[-1].handed_on_to) and following.pk not in seen:
        chain.append(following)
        seen.add(following.pk)
    return chain


def hops_before(invitation: Invitation) -> int:
    """Return how often the invitation was handed on before it came here."""
    hops, current = 0, invitation
    while (before := current.handed_on_from.first()) and hops <= MAX_HOPS:
        hops, current = hops + 1, before
    return hops
