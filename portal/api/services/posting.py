"""What programs post is done once per idempotency key, whatever it is."""

import hashlib
import json
from collections.abc import Callable
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.api.models import Post
from portal.lib.errors import ConflictError


@transaction.atomic
def answer_once(
    *, key: str, facts: object, actor: User, act: Callable[[], dict[str, Any]]
) -> tuple[dict[str, Any], bool]:
    """Do what is posted under a key and return the answer, and whether it is the one given before.

    `facts`, plain data, say what is posted; the order of names in them does not matter. A refused post leaves no
    trace: its key may be used again. Raises what `act` raises, and ConflictError for a key used for something else.
    """
    text = json.dumps(facts, sort_keys=True, separators=(",", ":"))
    digest = hashlib.sha256(text.encode()).hexdigest()
    known = Post.objects.filter(user=actor, key=key).first()
    if known is not None:
        return known_answer(known, digest), True
    try:
        with transaction.atomic():
            post = Post.objects.create(user=actor, key=key, sha256=digest)
    except IntegrityError as error:  # the same key at the same time
        raise used_key() from error
    post.answer = act()
    post.save(update_fields=["answer"])
    return post.answer, False


def known_answer(known: Post, digest: str) -> dict[str, Any]:
    """Return what was answered before; raises ConflictError when something else was posted."""
    if known.sha256 != digest:
        raise used_key()
    answer: dict[str, Any] = known.answer
    return answer


def used_key() -> ConflictError:
    """The error for a key that stands for another post."""
    message = _("This Idempotency-Key was used for something else. Take a new one for every new post.")
    return ConflictError(message, code="key_used")
