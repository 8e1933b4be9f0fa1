"""Deeds of programs, split by subject."""

from portal.api.services.posting import answer_once
from portal.api.services.tokens import MOST_TOKENS, create_token, digest_of, note_use, revoke_token

__all__ = ["MOST_TOKENS", "answer_once", "create_token", "digest_of", "note_use", "revoke_token"]
