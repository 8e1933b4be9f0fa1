"""What will go out to whom, before anything does."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.campaigns.models import Campaign
from assessments.campaigns.queries import Codes, asked_sites, check_codes, is_in_use, named_countries, subject_of
from assessments.campaigns.selection import Selection
from assessments.campaigns.services.recipients import (
    Letter,
    Recipient,
    answering_members,
    leading,
    members_of,
    recipients_of,
    spoken,
)
from portal.accounts.models import User
from portal.lib.formats import figure
from suppliers.organisations.models import Site

LISTED = 20
SHORT_NOTICE = timedelta(days=7)
ENDONYMS = {**dict(settings.LANGUAGES), "vi": "Tiếng Việt", "id": "Bahasa Indonesia", "ms": "Bahasa Melayu"}


@dataclass(frozen=True, slots=True)
class Sample:
    """One mail as one real reader will get it."""

    language: str
    to: str
    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class Preview:
    """A campaign before it is sent. Counts are requests, one per site or per supplier, unless a name says otherwise."""

    asked: int
    suppliers: int
    mails: int
    to_members: int
    by_invitation: int
    nobody: int
    without_contact: tuple[str, ...]
    by_language: tuple[tuple[str, int], ...]
    by_country: tuple[tuple[str, int], ...]
    codes: Codes
    samples: tuple[Sample, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """One site and the languages its readers prefer, those they get, and whether they are members."""

    site_id: int
    organisation_id: int
    country: str
    preferred: tuple[str, ...]
    languages: tuple[str, ...]
    are_members: bool


def preview_campaign(campaign: Campaign, *, actor: User) -> Preview:
    """Return what sending would do just now if this person pressed the button; nothing is written."""
    selection = Selection.from_data(campaign.selection)
    rows = list_asked(campaign, actor)
    codes = check_codes(campaign.buyer, selection, actor)
    written = [row for row in rows if row.languages]
    members = sum(row.are_members for row in written)
    languages = Counter(code for row in written for code in row.languages)
    nations = Counter(row.country for row in rows)
    silent = [row.site_id for row in rows if not row.languages]
    return Preview(
        asked=len(rows),
        suppliers=len({row.organisation_id for row in rows}),
        mails=sum(languages.values()),
        to_members=members,
        by_invitation=len(written) - members,
        nobody=len(silent),
        without_contact=tuple(f"{site.organisation.name}, {site.name}" for site in named_sites(silent[:LISTED])),
        by_language=tuple((language_name(code), count) for code, count in languages.most_common()),
        by_country=tuple((name, nations[code]) for code, name in named_countries(nations)),
        codes=codes,
        samples=tuple(sample_mails(campaign, written)),
        warnings=tuple(find_warnings(campaign, rows, codes)),
    )


def list_asked(campaign: Campaign, actor: User) -> list[Asked]:
    """Return the sites that get a request with the languages of their readers; two queries, no model built."""
    chosen = asked_sites(campaign, actor)
    people = answering_members().filter(organisation_id__in=chosen.values("organisation_id"))
    tongues = leading(people.values_list("organisation_id", "role", "user__language"))
    columns = ("pk", "organisation_id", "country", "contact_email", "contact_language")
    rows = []
    for pk, organisation_id, country, email, language in chosen.order_by("organisation_id", "pk").values_list(*columns):
        members = tongues.get(organisation_id, [])
        preferred = tuple(members) or ((language,) if email else ())
        heard = tuple(spoken(code, campaign.languages) for code in preferred)
        rows.append(Asked(pk, organisation_id, str(country), preferred, heard, bool(members)))
    return rows


def named_sites(ids: Sequence[int]) -> list[Site]:
    """Return sites with their organisations, in the order of the ids."""
    found = Site.objects.select_related("organisation").in_bulk(ids)
    return [found[pk] for pk in ids]


def language_name(code: str) -> str:
    """Return a language in its own name."""
    return ENDONYMS.get(code, code)


def sample_mails(campaign: Campaign, rows: Sequence[Asked]) -> Iterator[Sample]:
    """Yield the mail to the first real reader of each language, as it will look; its link is a stand-in."""
    letter = Letter(campaign)
    first: dict[str, int] = {}
    for row in rows:
        for code in row.languages:
            first.setdefault(code, row.site_id)
    sites = {site.pk: site for site in named_sites(list(first.values()))}
    members = members_of({site.organisation_id for site in sites.values()})
    for code, site_id in first.items():
        readers = recipients_of(sites[site_id], members, campaign.languages)
        yield sample_mail(letter, sites[site_id], next(one for one in readers if one.language == code))


def sample_mail(letter: Letter, site: Site, recipient: Recipient) -> Sample:
    """Render one mail without keeping it."""
    template = letter.subject.letters["request"]
    context = letter.context(recipient, site, request_id=0, due_on=letter.campaign.due_on, path="", invitation=None)
    with translation.override(recipient.language):
        context |= {"link": _("(here stands the reader's own link)"), "to_name": recipient.name}
        context["invitation_id"] = not recipient.is_member
        subject = render_to_string(f"emails/{template}.subject.txt", context)
        text = render_to_string(f"emails/{template}.txt", context)
    return Sample(recipient.language, f"{recipient.name} <{recipient.email}>", " ".join(subject.split()), text.strip())


def find_warnings(campaign: Campaign, rows: Sequence[Asked], codes: Codes) -> Iterator[str]:
    """Yield what the sender should look at; only a questionnaire that is out of use stops sending."""
    today, words = timezone.localdate(), subject_of(campaign).words
    if not is_in_use(campaign):
        yield _("This questionnaire is out of use. Choose another one in the first step.")
    if campaign.due_on < today:
        yield _("The due date is in the past: every request would be late at once.")
    elif campaign.due_on - today < SHORT_NOTICE:
        yield _("The due date is less than a week away.")
    yield from language_warnings(campaign, rows)
    silent = sum(not row.languages for row in rows)
    if silent:
        yield words.nobody % {"number": silent, "count": figure(silent)}
    if codes.count:
        yield ngettext(
            "%(count)s vendor code asks nobody. See the list below.",
            "%(count)s vendor codes ask nobody. See the lists below.",
            codes.count,
        ) % {"count": figure(codes.count)}
    repeated = count_repeated(campaign, rows)
    if repeated:
        yield words.repeated % {"number": repeated, "count": figure(repeated)}
    if not campaign.reminder_days:
        yield _("No reminder is planned.")


def language_warnings(campaign: Campaign, rows: Sequence[Asked]) -> Iterator[str]:
    """Yield languages that readers prefer and the campaign or its message does not speak."""
    subject = subject_of(campaign)
    offered = subject.languages(campaign)
    wanted = Counter(code for row in rows for code in row.preferred)
    for code, count in wanted.most_common():
        names = {"language": language_name(code), "count": figure(count)}
        if code not in offered:
            yield subject.words.speechless % names
        elif code not in campaign.languages:
            yield _("The campaign leaves out %(language)s. Readers who prefer it: %(count)s.") % names
    used = {code for row in rows for code in row.languages}
    if campaign.message:
        for code in sorted(used - set(campaign.message)):
            yield _("Your message has no %(language)s text: these readers get it in another language.") % {
                "language": language_name(code)
            }


def count_repeated(campaign: Campaign, rows: Sequence[Asked]) -> int:
    """Return how many of those asked still have something open of the same kind for this buyer."""
    subject = subject_of(campaign)
    open_too = {f"requests__{subject.lookup('state__in')}": subject.open_states}
    alike = campaign.buyer.campaigns.filter(**subject.same(campaign), **open_too)
    busy = set(alike.values_list(f"requests__{subject.once}", flat=True))
    return sum(subject.key_of(row.site_id, row.organisation_id) in busy for row in rows)
