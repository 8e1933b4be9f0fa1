"""PDFs: made from bundled files only."""

import io

import pytest
from pypdf import PdfReader

from portal.lib.errors import DomainError
from portal.lib.pdf import find_bundled, print_html, render_pdf

PAGE = '<html lang="en"><head><title>T</title>{head}</head><body>{body}</body></html>'
DOT = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII="
)


@pytest.fixture
def bundled(tmp_path, settings):
    """A static folder with a sheet that names a neighbour, and a secret beside the folder."""
    folder = tmp_path / "static"
    folder.mkdir()
    (tmp_path / "secret.txt").write_text("secret")
    (folder / "page.css").write_text('@import "more.css"; body { background: url("dot.svg") }')
    (folder / "more.css").write_text("h1 { color: #0b5f5c }")
    (folder / "dot.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>')
    (folder / "link.css").symlink_to(tmp_path / "secret.txt")
    settings.STATICFILES_DIRS = [("sanpo", folder)]
    return folder


def text_of(content: bytes) -> str:
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


def test_page_with_bundled_sheets_and_data_becomes_a_pdf(bundled) -> None:
    head = '<link rel="stylesheet" href="static:sanpo/page.css"><link rel="stylesheet" href="/static/sanpo/page.css">'
    content = print_html(PAGE.format(head=head, body=f'<h1>Result 労働時間 ชั่วโมง</h1><img alt="" src="{DOT}">'))

    assert content.startswith(b"%PDF-")
    assert "Result 労働時間" in text_of(content)


def test_template_is_rendered_in_the_language_of_the_reader(tmp_path, settings) -> None:
    (tmp_path / "page.html").write_text(
        '<html lang="{{ language }}"><head><title>t</title></head><body>{{ language }} {{ name }}</body></html>'
    )
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path]}]

    assert text_of(render_pdf("page.html", {"name": "<b>&"}, language="ja")) == "ja <b>&"


@pytest.mark.parametrize(
    "address",
    [
        "http://169.254.169.254/latest/meta-data/",
        "https://example.com/x.png",
        "file:///etc/passwd",
        "file://host/etc/passwd",
        "static:../secret.txt",
        "static:sanpo/../../secret.txt",
        "static:sanpo/link.css",
        "static:sanpo/absent.css",
        "/static/../../../etc/passwd",
        "/media/x",
        "ftp://example.com/x",
        "gopher://x/",
        "//example.com/x.png",
        "relative.png",
    ],
)
@pytest.mark.parametrize("body", ['<img alt="" src="{0}">', '<div style="background: url({0})">x</div>'])
def test_anything_else_stops_the_report_with_a_sentence(bundled, address: str, body: str) -> None:
    with pytest.raises(DomainError) as caught:
        print_html(PAGE.format(head="", body=body.format(address)))
    assert caught.value.code == "pdf_source"


def test_sheet_that_imports_from_elsewhere_stops_the_report(bundled) -> None:
    (bundled / "more.css").write_text('@import "https://example.com/x.css";')
    with pytest.raises(DomainError):
        print_html(PAGE.format(head='<link rel="stylesheet" href="static:sanpo/page.css">', body="x"))


def test_file_is_found_by_path_in_a_bundled_folder_only(bundled) -> None:
    assert find_bundled((bundled / "more.css").as_uri()) == (bundled / "more.css").resolve()
    assert find_bundled((bundled / "link.css").as_uri()) is None
    assert find_bundled((bundled.parent / "secret.txt").as_uri()) is None
