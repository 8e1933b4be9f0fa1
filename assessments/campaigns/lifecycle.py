"""The life of a campaign: one table, one gate."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.campaigns.enums import CampaignState as State
from assessments.campaigns.models import Campaign, CampaignChange
from portal.accounts.models import User
from portal.lib.errors import ConflictError, DomainError

TRANSITIONS: dict[State, frozenset[State]] = {
    State.DRAFT: frozenset({State.SENDING}),
    State.SENDING: frozenset({State.SENT}),
    State.SENT: frozenset({State.CLOSED}),
    State.CLOSED: frozenset(),
}


@transaction.atomic
def advance(campaign: Campaign, target: State, *, actor: User | None) -> CampaignChange:
    """Move a campaign and leave a trace. Of two who press at once one wins; the other gets ConflictError."""
    source = State(campaign.state)
    if target not in TRANSITIONS[source]:
        message = _("This is not possible while the campaign is “%(state)s”.") % {"state": source.label}
        raise DomainError(message, code="transition")
    columns: dict[str, object] = {"state": target}
    if target is State.SENT:
        columns["sent_at"] = timezone.now()
    won = Campaign.objects.filter(pk=campaign.pk, state=source).update(**columns)
    if not won:
        raise ConflictError(
            _("Somebody else changed this campaign a moment ago. Reload the page to see how it stands.")
        )
    for name, value in columns.items():
        setattr(campaign, name, value)
    return CampaignChange.objects.create(campaign=campaign, source=source, target=target, actor=actor)
