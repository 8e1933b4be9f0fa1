"""Many files at once: good, unknown, twice and broken ones, a worker that dies, a person who chooses."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from msgspec.structs import replace

import minerals.declarations.tasks  # noqa: F401 the worker knows the job by it
from minerals.declarations.enums import BatchFileState as S
from minerals.declarations.lifecycle import FILE_TRANSITIONS, advance_file
from minerals.declarations.models import Batch, BatchFile, Declaration, Edition
from minerals.declarations.queries.batches import book_of
from minerals.declarations.services.batching import (
    add_batch_file,
    match_batch_file,
    open_batch,
    read_left_batches,
    read_one,
    set_aside_batch_file,
    start_reading,
)
from minerals.templates_io.workbook import build_workbook
from portal.jobs.models import Job
from portal.jobs.services import run_job
from portal.lib.errors import ConflictError, DomainError
from tests.factories import cast, make_organisation, make_relationship, make_site
from tests.minerals.world import make_declaration, make_declared

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return cast()


@pytest.fixture
def batch(people):
    return open_batch(buyer=people.buyer, year=2026, actor=people.dave)


def workbook(name="Nobody Ltd", *, email="nobody@gmail.com", number="", **fields):
    """The bytes of a filled template of a company."""
    declared = make_declared(("Tin",), **fields)
    company = replace(declared.company, name=name, id=number, contact_email=email, authorizer_email=email)
    return build_workbook(replace(declared, company=company))


def add(batch, people, name, content):
    return add_batch_file(batch=batch, upload=SimpleUploadedFile(name, content), actor=people.dave)


def read(batch, people):
    job = start_reading(batch=batch, actor=people.dave)
    run_job(str(job.pk))
    job.refresh_from_db()
    return job


def outcome(batch):
    return {file.name: file.state for file in batch.files.all()}


# Reading -------------------------------------------------------------------------------------------
def test_each_file_has_its_outcome(people, batch):
    asked = make_declaration(people.relationship, site=people.site)
    good = workbook("Supplier", number="V-1")
    add(batch, people, "good.xlsx", good)
    add(batch, people, "unknown.xlsx", workbook("Nobody Ltd"))
    add(batch, people, "alike.xlsx", workbook("Suplier"))
    add(batch, people, "again.xlsx", good)
    add(batch, people, "broken.xlsx", good[:2000])
    add(batch, people, "letter.xlsx", b"Dear all")
    add(batch, people, "empty.xls", b"")
    job = read(batch, people)
    assert outcome(batch) == {
        "good.xlsx": S.ENTERED, "unknown.xlsx": S.TO_MATCH, "alike.xlsx": S.TO_MATCH, "again.xlsx": S.KNOWN,
        "broken.xlsx": S.REFUSED, "letter.xlsx": S.REFUSED, "empty.xls": S.REFUSED,
    }  # fmt: skip
    assert (job.state, job.done, job.total, job.result) == ("done", 7, 7, {"message": "7 files were read."})
    asked.refresh_from_db()
    entered = batch.files.get(name="good.xlsx")
    assert (asked.state, asked.current_id, entered.edition.way) == ("received", entered.edition_id, "buyer")
    assert entered.said == {
        "name": "Supplier", "id": "V-1", "emails": ["nobody@gmail.com"], "template": "CMRT", "version": "6.5",
    }  # fmt: skip
    assert all(file.problem for file in batch.files.filter(state__in=(S.REFUSED, S.KNOWN)))
    candidates = {file.name: [one["how"] for one in file.candidates] for file in batch.files.filter(state=S.TO_MATCH)}
    assert candidates == {"unknown.xlsx": [], "alike.xlsx": [["likeness"]]}


def test_a_file_without_a_request_makes_a_declaration_of_the_year(people, batch):
    add(batch, people, "good.xlsx", workbook("Supplier"))
    read(batch, people)
    made = Declaration.objects.get()
    assert (made.relationship, made.template, made.year, made.state) == (people.relationship, "CMRT", 2026, "received")


def test_what_was_handed_in_before_is_known(people, batch):
    add(batch, people, "good.xlsx", workbook("Supplier"))
    read(batch, people)
    later = open_batch(buyer=people.buyer, year=2026, actor=people.dave)
    file = add(later, people, "other name.xlsx", batch.files.get().file.content.read())
    read(later, people)
    file.refresh_from_db()
    assert (file.state, file.edition_id, Edition.objects.count()) == (S.KNOWN, Edition.objects.get().pk, 1)


def test_a_supplier_is_found_by_the_address_of_a_member_or_a_contact(people, batch):
    add(batch, people, "member.xlsx", workbook("Another Name", email="ALICE@test.example"))
    read(batch, people)
    assert batch.files.get().edition.declaration.relationship == people.relationship


def test_evidence_for_two_suppliers_is_left_to_a_person(people, batch):
    second = make_relationship(people.buyer, make_organisation("Second"), vendor_code="V-2")
    make_site(second.supplier)
    file = add(batch, people, "two.xlsx", workbook("Second", number="V-1"))
    read(batch, people)
    file.refresh_from_db()
    assert file.state == S.TO_MATCH
    assert [(one["relationship"], one["how"], one["sure"]) for one in file.candidates] == [
        (people.relationship.pk, ["code"], True), (second.pk, ["name"], True),
    ]  # fmt: skip


def test_suppliers_of_other_buyers_and_of_the_past_are_no_candidates(people, batch):
    people.relationship.ended_on = timezone.localdate() - timedelta(days=1)
    people.relationship.end_reason = "other"
    people.relationship.save()
    file = add(batch, people, "past.xlsx", workbook("Supplier", number="V-1"))
    add(batch, people, "other.xlsx", workbook("Other supplier"))
    read(batch, people)
    file.refresh_from_db()
    assert (outcome(batch), file.candidates) == ({"past.xlsx": S.TO_MATCH, "other.xlsx": S.TO_MATCH}, [])


def test_a_supplier_without_a_site_leaves_its_file_to_a_person_with_the_reason(people, batch):
    bare = make_relationship(people.buyer, make_organisation("Bare"))
    file = add(batch, people, "bare.xlsx", workbook("Bare"))
    read(batch, people)
    file.refresh_from_db()
    assert (file.state, "no open site" in file.problem, file.candidates[0]["relationship"]) == (
        S.TO_MATCH,
        True,
        bare.pk,
    )


def test_the_index_of_suppliers_takes_three_queries(people, django_assert_num_queries):
    for number in range(3):
        make_site(make_relationship(people.buyer, make_organisation(f"Supplier {number}")).supplier)
    with django_assert_num_queries(3):
        book_of(people.buyer.pk)


# Stopped and run again -----------------------------------------------------------------------------
def test_a_worker_that_died_is_followed_by_one_that_reads_the_rest(people, batch):
    add(batch, people, "one.xlsx", workbook("Supplier"))
    add(batch, people, "two.xlsx", workbook("Nobody Ltd"))
    job = start_reading(batch=batch, actor=people.dave)
    read_one(batch.files.get(name="one.xlsx").pk, book_of(people.buyer.pk), people.dave)
    read_one(batch.files.get(name="one.xlsx").pk, book_of(people.buyer.pk), people.dave)
    run_job(str(job.pk))
    assert outcome(batch) == {"one.xlsx": S.ENTERED, "two.xlsx": S.TO_MATCH}
    assert (Edition.objects.count(), Declaration.objects.count()) == (1, 1)


def test_a_batch_is_read_once_at_a_time_and_left_ones_are_found(people, batch):
    assert start_reading(batch=batch, actor=people.dave) is None
    add(batch, people, "one.xlsx", workbook("Supplier"))
    assert read_left_batches() == 0
    Batch.objects.update(created_at=timezone.now() - timedelta(hours=1))
    assert read_left_batches() == 1
    assert read_left_batches() == 0
    assert start_reading(batch=batch, actor=people.dave).pk == Job.objects.get().pk
    run_job(str(Job.objects.get().pk))
    assert (outcome(batch), read_left_batches()) == ({"one.xlsx": S.ENTERED}, 0)


def test_the_same_file_sent_again_under_its_name_is_kept_once(people, batch):
    content = workbook("Supplier")
    first, again = add(batch, people, "one.xlsx", content), add(batch, people, "one.xlsx", content)
    assert first.pk == again.pk


def test_a_batch_holds_two_hundred_files(people, batch):
    BatchFile.objects.bulk_create(BatchFile(batch=batch, name=str(number)) for number in range(200))
    with pytest.raises(DomainError) as refusal:
        add(batch, people, "one.xlsx", b"x")
    assert refusal.value.code == "too_many"


# A person ------------------------------------------------------------------------------------------
@pytest.fixture
def open_file(people, batch):
    file = add(batch, people, "unknown.xlsx", workbook("Nobody Ltd"))
    read(batch, people)
    file.refresh_from_db()
    return file


def test_a_person_chooses_the_supplier(people, open_file):
    file = match_batch_file(file=open_file, relationship=people.relationship, actor=people.dave)
    assert (file.state, file.edition.declaration.relationship) == (S.ENTERED, people.relationship)
    with pytest.raises(DomainError):
        match_batch_file(file=open_file, relationship=people.relationship, actor=people.dave)
    assert Declaration.objects.count() == 1


def test_a_file_set_aside_can_be_taken_up_again(people, open_file):
    set_aside_batch_file(file=open_file, actor=people.dave)
    assert open_file.state == S.SET_ASIDE
    assert match_batch_file(file=open_file, relationship=people.relationship, actor=people.dave).state == S.ENTERED


ALLOWED = {(source, target) for source, targets in FILE_TRANSITIONS.items() for target in targets}


@pytest.mark.parametrize("source", list(S))
@pytest.mark.parametrize("target", list(S))
def test_every_move_of_a_file_is_in_the_table(people, batch, source, target):
    file = BatchFile.objects.create(batch=batch, name="x", state=source)
    if (source, target) in ALLOWED:
        advance_file(file, target, problem="why")
        assert BatchFile.objects.get(state=target, problem="why").pk == file.pk
        file.state = source
        with pytest.raises(ConflictError):
            advance_file(file, target)
    else:
        with pytest.raises(DomainError):
            advance_file(file, target)


def test_the_table_of_moves_is_this():
    assert {(source.value, target.value) for source, target in ALLOWED} == {
        ("waiting", "entered"), ("waiting", "to_match"), ("waiting", "known"), ("waiting", "refused"),
        ("to_match", "entered"), ("to_match", "known"), ("to_match", "set_aside"),
        ("set_aside", "entered"), ("set_aside", "known"),
    }  # fmt: skip


def test_what_a_company_says_of_itself_is_cut_to_the_columns(people, batch):
    file = add(batch, people, "x" * 300 + ".xlsx", workbook("N" * 400, email="a@" + "b" * 300 + ".example"))
    read(batch, people)
    file.refresh_from_db()
    assert (file.state, len(file.said["name"])) == (S.TO_MATCH, 250)
