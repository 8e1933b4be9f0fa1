"""The supplier's story: what is asked, an upload, what was read, handing in, mending after a return."""

import pathlib

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from minerals.declarations.enums import DeclarationState as State
from minerals.declarations.models import Declaration, DeclarationChange, Edition
from minerals.declarations.services import return_declaration
from minerals.templates_io.document import Issue
from minerals.templates_io.enums import Grade
from minerals.templates_io.workbook import build_workbook
from tests.factories import cast
from tests.minerals.world import make_asked, make_declaration, make_declared, make_received

pytestmark = pytest.mark.django_db
SAMPLES = pathlib.Path(__file__).parents[5] / "shared" / "data" / "minerals"
REAL = ["cmrt-6.4-en-filled.xlsx", "cmrt-3.01-en-green.xlsx", "cmrt-2.03-en-valid-encrypted.xls"]


def upload(client, declaration, content: bytes, name: str = "filled.xlsx"):
    """Upload a file as the form of the page does."""
    address = reverse("declaration_upload", args=[declaration.pk])
    return client.post(address, {"file": ContentFile(content, name=name)})


def test_an_upload_is_read_shown_and_handed_in(client):
    people = cast()
    declaration = make_declaration(people.relationship)
    client.force_login(people.alice)

    answer = upload(client, declaration, build_workbook(make_declared()))
    page = client.get(answer.url).content.decode()

    edition = Edition.objects.get()
    assert (edition.file.name, edition.handed_in_at, edition.created_by) == ("filled.xlsx", None, people.alice)
    assert "Example Parts Co., Ltd." in page
    assert "Example Tin Works" in page
    assert "Known smelter" in page
    assert reverse("declaration_hand_in", args=[declaration.pk]) in page

    client.post(reverse("declaration_hand_in", args=[declaration.pk]), {"edition": "1"})
    assert Declaration.objects.get().state == State.RECEIVED


def test_what_is_missing_is_said_with_its_place_before_it_is_handed_in(client):
    people = cast()
    declared = make_declared(checker_count=2, smelters=[])
    declaration = make_asked(people.relationship, declared)
    client.force_login(people.alice)

    page = client.get(reverse("declaration_detail", args=[declaration.pk])).content.decode()

    assert "List at least one smelter of Tin on the sheet Smelter List." in page
    assert "Hand in with items missing" in page
    assert "Missing by our count: 1. By the count the template keeps of itself: 2." in page


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"", "empty.xlsx", "empty"),
        (b"\xff\xd8\xff\xe0 a picture", "photo.xls", "not an Excel workbook"),
        (b"x" * 10_000_001, "big.xlsx", "larger than 10 MB"),
    ],
)
def test_a_file_that_is_no_template_is_refused_with_a_sentence(client, content, name, sentence):
    people = cast()
    declaration = make_declaration(people.relationship)
    client.force_login(people.alice)

    answer = upload(client, declaration, content, name)

    assert (answer.status_code, Edition.objects.count()) == (422, 0)
    assert sentence in answer.content.decode()


def test_a_workbook_named_wrongly_is_taken_by_its_content(client):
    people = cast()
    client.force_login(people.alice)

    upload(client, make_declaration(people.relationship), build_workbook(make_declared()), "old name.xls")

    assert Edition.objects.get().file.name == "old name.xlsx"


@pytest.mark.parametrize("name", REAL)
def test_real_files_are_taken_whatever_their_version_and_protection(client, name):
    if not SAMPLES.is_dir():
        pytest.skip("the real sample files are not here")
    people = cast()
    client.force_login(people.alice)

    answer = upload(client, make_declaration(people.relationship), (SAMPLES / name).read_bytes(), name)

    assert answer.status_code == 302
    edition = Edition.objects.get()
    assert edition.template == "CMRT"
    page = client.get(answer.url)
    assert page.status_code == 200
    download = client.get(reverse("declaration_file", args=[edition.declaration_id, 1]))
    assert download["Content-Disposition"].startswith("attachment")
    assert b"".join(download.streaming_content) == (SAMPLES / name).read_bytes()


def test_the_same_file_in_another_declaration_is_taken_with_a_warning(client):
    people = cast()
    make_received(people.relationship, title="Last year")
    other = make_asked(people.relationship)
    client.force_login(people.alice)

    page = client.get(reverse("declaration_detail", args=[other.pk])).content.decode()

    assert "The same file stands in “Last year”, too." in page


def test_a_returned_declaration_shows_what_the_buyer_wrote_and_takes_a_new_file(client):
    people = cast()
    declaration = make_received(people.relationship, actor=people.alice)
    issue = Issue("missing_products", Grade.ERROR, "Product List!B6")
    return_declaration(declaration, subject="Please mend", body="The products.", issues=[issue], actor=people.dave)
    client.force_login(people.alice)

    page = client.get(reverse("declaration_detail", args=[declaration.pk])).content.decode()
    assert "What Buyer asks you to mend" in page
    assert "The products." in page
    assert "<code>Product List!B6</code>" in page

    answer = upload(client, declaration, build_workbook(make_declared(("Gold",))))
    client.post(reverse("declaration_hand_in", args=[declaration.pk]), {"edition": "2"})
    row = Declaration.objects.get()
    assert (answer.status_code, row.state, row.current.number) == (302, State.RECEIVED, 2)
    assert list(DeclarationChange.objects.order_by("pk").values_list("target", flat=True)) == [
        State.RECEIVED,
        State.RETURNED,
        State.RECEIVED,
    ]


def test_a_newer_file_after_acceptance_leads_to_the_declaration_that_follows(client):
    people = cast()
    old = make_declaration(people.relationship, state=State.ACCEPTED)
    client.force_login(people.alice)

    answer = upload(client, old, build_workbook(make_declared()))

    follower = Declaration.objects.get(follows=old)
    assert answer.url == reverse("declaration_detail", args=[follower.pk])


def test_a_reader_of_the_supplier_is_offered_nothing_to_press(client):
    people = cast()
    declaration = make_asked(people.relationship)
    client.force_login(people.bob)

    page = client.get(reverse("declaration_detail", args=[declaration.pk])).content.decode()

    assert reverse("declaration_upload", args=[declaration.pk]) not in page
    assert reverse("declaration_hand_in", args=[declaration.pk]) not in page


def test_a_supplier_never_reads_the_buyers_red_flags_or_statuses(client):
    people = cast()
    declaration = make_received(people.relationship)
    client.force_login(people.alice)

    page = client.get(reverse("declaration_detail", args=[declaration.pk])).content.decode()

    assert declaration.flags.filter(code="smelter_unknown").exists()
    assert "the registry does not know" not in page
    assert "flags-head" not in page


def test_own_list_shows_what_is_due_first_and_what_was_handed_in(client):
    people = cast()
    for number in range(3):
        make_declaration(people.relationship, title=f"Asked {number}")
        make_declaration(people.relationship, title=f"Done {number}", state=State.ACCEPTED)
    make_declaration(people.relationship, title="Called off", state=State.CANCELLED)
    client.force_login(people.alice)

    page = client.get(reverse("own_declaration_list")).content.decode()

    assert page.index("Asked 0") < page.index("Asked 2") < page.index("Done 2")
    assert "Called off" not in page


def test_opening_the_page_is_noted_once_and_only_for_the_supplier(client):
    people = cast()
    declaration = make_declaration(people.relationship)
    client.force_login(people.dave)
    client.get(reverse("declaration_detail", args=[declaration.pk]))
    assert Declaration.objects.get().opened_at is None

    client.force_login(people.bob)
    client.get(reverse("declaration_detail", args=[declaration.pk]))
    assert Declaration.objects.get().opened_at is not None
