"""How sign-in behaves here: no open sign-up, mails through the queue, secrets encrypted, links to our own address."""

import base64
import hashlib
from typing import Any
from urllib.parse import quote

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.mail import get_connection
from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation

from portal.accounts.models import User
from portal.accounts.queries import has_second_factor, person_with

# Named, not imported: notices stand on accounts, never the other way round.
QUEUE = "portal.notices.services.QueueBackend"


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """People come in by invitation only."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up without an invitation."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Queue a mail in the language of its reader, whether or not there is an account."""
        person = person_with(email)
        with translation.override(person.language if person else translation.get_language()):
            words = {**context, "email": email, "base_url": settings.BASE_URL}
            message = self.render_mail(template_prefix, email, words)
            message.connection = get_connection(QUEUE)
            message.send()

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Return the link of a reset mail; its host comes from the settings, never from a request."""
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        return f"{settings.BASE_URL}{path.replace('UID-KEY', quote(key))}"

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:
        """Return the link that verifies a new address."""
        return f"{settings.BASE_URL}{reverse('account_confirm_email', args=[emailconfirmation.key])}"


def cipher() -> MultiFernet:
    """Return the cipher of second-factor secrets; keys follow from the secret key and its fallbacks."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = (hashlib.sha256(b"second-factor:" + str(secret).encode()).digest() for secret in secrets)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Second factors: TOTP, passkeys, recovery codes."""

    def encrypt(self, text: str) -> str:
        """Return what is stored of a secret."""
        return cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Return the secret; one that was written under a lost key opens nothing."""
        try:
            return cipher().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            return ""

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Whether the person may do without this factor: the last one stays where an organisation demands one."""
        user: User = authenticator.user
        return not user.second_factor_required or has_second_factor(user, besides=authenticator.pk)

    def _get_site_name(self) -> str:
        return "Sanpo"
