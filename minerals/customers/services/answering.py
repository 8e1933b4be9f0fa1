"""Answering requests: compose from the roll-up, fill the blank, check our own file, write the letter."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.text import get_valid_filename
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from minerals.customers.enums import AskedScope
from minerals.customers.enums import RequestState as State
from minerals.customers.lifecycle import advance
from minerals.customers.models import BlankTemplate, CustomerAnswer, CustomerRequest
from minerals.customers.queries.blanks import best_blank
from minerals.customers.reports import letter_context, letter_facts
from minerals.customers.services.filling import fill_blank, open_blank
from minerals.origins.queries import areas_for
from minerals.rollup.services.composing import compose_declared
from minerals.templates_io.checks import examine
from minerals.templates_io.document import Answer, Declared, Product
from minerals.templates_io.enums import Template
from minerals.templates_io.services import read_file
from portal.accounts.models import User
from portal.files.enums import FileKind
from portal.files.models import StoredFile
from portal.files.services import read_content, store_generated
from portal.jobs.models import Job
from portal.jobs.services import XLSX, start_job
from portal.lib.errors import DomainError
from portal.lib.pdf import render_pdf
from portal.trail.services import record
from suppliers.organisations.models import Organisation

ANSWER_KIND = "customers.answer"
FIRST_PRODUCT = 6
MOST_AT_ONCE = 200
NAMED = re.compile(r"\s*\b\w+ from: .*", re.DOTALL)  # as the roll-up names suppliers in a comment


def start_answers(
    *, owner: Organisation, ids: Sequence[int], actor: User, blank: BlankTemplate | None = None, return_path: str = ""
) -> Job:
    """Start a job that answers these requests, each with the blank given or the one that fits it best."""
    rows = CustomerRequest.objects.filter(owner=owner, pk__in=list(ids)[: MOST_AT_ONCE + 1])
    wanted = [row.pk for row in rows.exclude(state=State.DECLINED).order_by("due_on", "pk")]
    if not wanted:
        raise DomainError(_("Choose at least one request that is not declined."), code="nothing")
    if len(wanted) > MOST_AT_ONCE:
        message = _("At most %(most)d requests can be answered at once. Choose fewer.")
        raise DomainError(message % {"most": MOST_AT_ONCE}, code="too_many")
    params = {"ids": wanted, "blank": blank.pk if blank else None}
    return start_job(ANSWER_KIND, actor=actor, organisation_id=owner.pk, params=params, return_path=return_path)


@dataclass
class Composed:
    """What many answers of one job share: the company's declarations, the blanks' bytes."""

    declared: dict[tuple[object, ...], Declared] = field(default_factory=dict)
    blanks: dict[int, bytes] = field(default_factory=dict)


@dataclass
class Outcome:
    """What a job did: answers given, requests that lack something, refusals by request."""

    answered: int = 0
    lacking: int = 0
    refused: list[str] = field(default_factory=list)

    @property
    def message(self) -> str:
        """The sentence the page of the job shows."""
        count = {"count": self.answered}
        parts = [ngettext("%(count)d request is answered.", "%(count)d requests are answered.", self.answered) % count]
        if self.lacking:
            lacks = ngettext(
                "%(count)d lacks something: its page says what.",
                "%(count)d lack something: their pages say what.",
                self.lacking,
            )
            parts.append(lacks % {"count": self.lacking})
        return " ".join([*parts, *self.refused[:5]])


def answer_requests(
    requests: Sequence[CustomerRequest],
    *,
    blank: BlankTemplate | None,
    actor: User | None,
    progress: Callable[[int], None] = lambda done: None,
) -> Outcome:
    """Answer one request after the other; one that is refused does not stop the others."""
    shared, outcome = Composed(), Outcome()
    for number, request in enumerate(requests, start=1):
        try:
            answer = answer_request(request=request, blank=blank, actor=actor, shared=shared)
        except DomainError as error:
            outcome.refused.append(f"{request.customer}: {error.message}")
        else:
            outcome.answered += answer.is_complete
            outcome.lacking += not answer.is_complete
        progress(number)
    return outcome


def answer_request(
    *, request: CustomerRequest, actor: User | None, blank: BlankTemplate | None = None, shared: Composed | None = None
) -> CustomerAnswer:
    """Make an answer. Where our own check of the file finds nothing missing it is kept and the request is answered.

    Else the answer only says what the company has not said yet. Raises DomainError where there is no blank, or the
    blank has no place for something."""
    shared = shared or Composed()
    used = blank or best_blank(request.owner_id, request.template, request.version)
    if used is None:
        message = _("There is no blank %(template)s yet. Upload one under “Blank templates”.")
        raise DomainError(message % {"template": request.template}, code="no_blank")
    content = blank_content(used, shared)
    declared = compose_for(request, content, shared)
    filled = fill_blank(content, declared, missing=0)
    read = read_file(filled)
    today = timezone.localdate()
    missing = examine(read, today=today, areas=areas_for(request.owner_id, today)).missing
    facts = letter_facts(request, read)
    if missing:
        return keep_answer(request, used, actor, facts=facts, missing=msgspec.to_builtins(missing))
    letter = print_letter(request, facts)
    return give_answer(request, used, actor, facts=facts, filled=filled, letter=letter)


def blank_content(blank: BlankTemplate, shared: Composed) -> bytes:
    """Return the bytes of a blank, read once for a whole job."""
    if blank.pk not in shared.blanks:
        with read_content(blank.file) as file:
            shared.blanks[blank.pk] = file.read()
    return shared.blanks[blank.pk]


def compose_for(request: CustomerRequest, content: bytes, shared: Composed) -> Declared:
    """Return the company's declaration for this request: whole company, a product group, or listed products."""
    blank = open_blank(content)
    if request.scope == AskedScope.GROUP and request.group is None:
        message = _("The product group that the customer asks for was removed. Choose another one in the request.")
        raise DomainError(message, code="group")
    group = request.group if request.scope == AskedScope.GROUP else None
    minerals = blank.layout.fixed_minerals
    key = (request.owner_id, request.template, group.pk if group else None, minerals)
    if key not in shared.declared:
        composed = compose_declared(request.owner, Template(request.template), group=group, minerals=minerals)
        shared.declared[key] = without_names(composed)
    declared = msgspec.structs.replace(shared.declared[key], version=blank.version)
    if request.scope != AskedScope.PRODUCTS:
        return declared
    words = blank.options().get("B", "B. Product (or List of Products)")
    return msgspec.structs.replace(declared, scope="B", scope_text=words, products=products_of(request))


def without_names(declared: Declared) -> Declared:
    """Return a declaration whose comments tell how many suppliers said what, not who."""
    answers = {
        question: {
            mineral: Answer(answer.value, NAMED.sub("", answer.comment), answer.cell)
            for mineral, answer in given.items()
        }
        for question, given in declared.answers.items()
    }
    return msgspec.structs.replace(declared, answers=answers)


def products_of(request: CustomerRequest) -> tuple[Product, ...]:
    """Return the products a customer lists: a number in each line, a name after a tab or a semicolon."""
    lines = [line.strip() for line in request.products.splitlines() if line.strip()]
    found = []
    for row, line in enumerate(lines, start=FIRST_PRODUCT):
        number, _mark, name = line.replace(";", "\t", 1).partition("\t")
        found.append(Product(row=row, number=number.strip(), name=name.strip()))
    return tuple(found)


def print_letter(request: CustomerRequest, facts: dict[str, Any]) -> bytes:
    """Return the answer letter as a PDF in the customer's language."""
    with override(request.language):
        context = letter_context(request, facts)
    return render_pdf("reports/minerals_answer_letter.html", context, language=request.language)


@transaction.atomic
def give_answer(
    request: CustomerRequest,
    blank: BlankTemplate,
    actor: User | None,
    *,
    facts: dict[str, Any],
    filled: bytes,
    letter: bytes,
) -> CustomerAnswer:
    """Keep the files of an answer and mark the request as answered."""
    customer = get_valid_filename(request.customer)[:60]
    name = f"{blank.template} {blank.version} {customer} {timezone.localdate():%Y-%m-%d}"
    answer = keep_answer(
        request,
        blank,
        actor,
        facts=facts,
        file=keep_file(request, f"{name}.xlsx", filled, XLSX, actor),
        letter=keep_file(request, f"{name}.pdf", letter, "application/pdf", actor),
    )
    advance(request, State.ANSWERED, actor=actor, version=blank.version)
    record(
        "answer_customer_request",
        actor=actor,
        thing=request,
        organisation_id=request.owner_id,
        customer=request.customer,
        template=str(blank),
    )
    return answer


def keep_file(request: CustomerRequest, name: str, content: bytes, kind: str, actor: User | None) -> StoredFile:
    """Keep a file for good: what was told to a customer must be found years later."""
    return store_generated(
        name,
        content,
        kind=FileKind.REPORT,
        content_type=kind,
        organisation_id=request.owner_id,
        actor=actor,
        days=None,
    )


@transaction.atomic
def keep_answer(request: CustomerRequest, blank: BlankTemplate, actor: User | None, **columns: Any) -> CustomerAnswer:
    """Write the row of an answer under the next number; two who answer at once wait for each other."""
    CustomerRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
    last = CustomerAnswer.objects.filter(request=request).aggregate(last=Max("number"))["last"] or 0
    return CustomerAnswer.objects.create(
        request=request,
        number=last + 1,
        template=blank.template,
        version=blank.version,
        blank=blank,
        made_by=actor,
        **columns,
    )
