"""Writing to the trail and sealing it."""

from ipaddress import ip_address
from typing import Any

from allauth.account import signals as account_signals
from allauth.core import context
from allauth.mfa import signals as factor_signals
from django.conf import settings
from django.contrib.auth.signals import user_logged_out, user_login_failed
from django.db import IntegrityError, transaction
from django.db.models import Model
from django.http import HttpRequest

from portal.accounts.models import User
from portal.trail.chain import FIRST, next_digest
from portal.trail.models import Entry, Seal
from portal.trail.queries import facts_of, unsealed_entries

SEAL_BATCH = 1000
LOOK_BACK = 50_000


def record(
    deed: str,
    *,
    actor: User | None,
    thing: Model | None = None,
    organisation_id: int | None = None,
    address: str | None = None,
    **detail: object,
) -> Entry:
    """Add one entry: `deed` is verb_noun, `detail` holds JSON-ready facts without secrets.

    Without `address` the one of the request being answered is taken; in a worker there is none.
    """
    request = context.request
    return Entry.objects.create(
        deed=deed,
        actor=actor,
        actor_label=str(actor) if actor else "",
        organisation_id=organisation_id,
        thing_type=thing._meta.label_lower if thing else "",
        thing_id=str(thing.pk) if thing else "",
        detail=detail,
        address=address or (address_of(request) if request else None),
    )


def address_of(request: HttpRequest) -> str | None:
    """Return the address a request came from; behind a trusted proxy the one the proxy names."""
    hops = request.headers.get("X-Forwarded-For", "").split(",")
    trusted: int = getattr(settings, "ALLAUTH_TRUSTED_PROXY_COUNT", 0)
    named = hops[-trusted] if 0 < trusted <= len(hops) else ""
    try:
        return str(ip_address((named or request.META.get("REMOTE_ADDR", "")).strip()))
    except ValueError:  # a socket of the machine itself, or a header somebody made up
        return None


def seal_entries() -> int:
    """Chain entries that have no seal yet; returns how many. Of two workers at once only one does it."""
    sealed = 0
    while count := seal_batch():
        sealed += count
    return sealed


def seal_batch() -> int:
    """Seal up to SEAL_BATCH entries; 0 when there is nothing or another worker was quicker."""
    last = Seal.objects.order_by("-number").values_list("number", "digest", "entry_id").first()
    number, digest, newest = last or (0, FIRST, 0)
    # A transaction may commit after a later entry was sealed, but not tens of thousands of entries after it.
    waiting = unsealed_entries().filter(pk__gt=newest - LOOK_BACK)
    seals = []
    for entry in waiting[:SEAL_BATCH]:
        number += 1
        digest = next_digest(digest, number, facts_of(entry))
        seals.append(Seal(entry=entry, number=number, digest=digest))
    try:
        with transaction.atomic():
            Seal.objects.bulk_create(seals)
    except IntegrityError:
        return 0
    return len(seals)


# Sign-ins: the libraries tell of them by signals only ------------------------------------------------

PERSONAL_SIGNALS = {
    "change_password": (account_signals.password_changed, account_signals.password_set),
    "reset_password": (account_signals.password_reset,),
    "change_email": (account_signals.email_changed,),
    "add_second_factor": (factor_signals.authenticator_added,),
    "remove_second_factor": (factor_signals.authenticator_removed,),
    "make_recovery_codes": (factor_signals.authenticator_reset,),
    "sign_out": (user_logged_out,),
}
FAILURES = (account_signals.login_code_rejected, factor_signals.authentication_failed)


def listen() -> None:
    """Connect the trail to the sign-in libraries; called once, when the app is ready."""
    account_signals.user_logged_in.connect(note_sign_in, dispatch_uid="trail.sign_in")
    user_login_failed.connect(note_refused_password, dispatch_uid="trail.sign_in_failed")
    for signal in FAILURES:
        signal.connect(note_refused_code, dispatch_uid="trail.sign_in_failed")
    for deed, sources in PERSONAL_SIGNALS.items():
        for signal in sources:
            signal.connect(note_change(deed), weak=False, dispatch_uid=f"trail.{deed}")


def note_sign_in(*, user: User, request: HttpRequest, **_rest: object) -> None:
    """Record a sign-in and how it was done."""
    steps = request.session.get("account_authentication_methods", [])
    methods = [step.get("type") or step.get("method") for step in steps]
    record("sign_in", actor=user, address=address_of(request), methods=methods)


def note_refused_password(*, credentials: dict[str, Any], request: HttpRequest | None = None, **_rest: object) -> None:
    """Record a refused password; an unknown address is kept half hidden, it may be a password in the wrong field."""
    email = str(credentials.get("email") or credentials.get("username") or "").strip().lower()
    user = User.objects.filter(email=email).first()
    record(
        "sign_in_failed",
        actor=user,
        address=address_of(request) if request else None,
        method="password",
        tried="" if user else email[:2] + "…",
    )


def note_refused_code(*, user: User, request: HttpRequest, **_rest: object) -> None:
    """Record a refused code or second factor."""
    record("sign_in_failed", actor=user, address=address_of(request), method="code")


def note_change(deed: str) -> Any:
    """Return a receiver that records a change a person made to their own sign-in."""

    def receive(*, request: HttpRequest, user: User | None = None, authenticator: Any = None, **_rest: object) -> None:
        if isinstance(user, User):
            kind = str(authenticator.type) if authenticator else ""
            record(deed, actor=user, address=address_of(request), kind=kind)

    return receive
