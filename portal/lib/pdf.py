"""One door to WeasyPrint: a template and its facts in, a PDF out; nothing is fetched from anywhere else."""

import mimetypes
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from portal.lib.errors import DomainError

# A host that can never exist (RFC 2606): relative addresses in templates and sheets resolve under it, and only here.
HOME: Final = "http://sanpo.invalid"
SCHEME: Final = "static:"


def bundled_only() -> Any:
    """Return the fetcher that gives our own static files and data: addresses, and stops the rendering for all else.

    A page may name a static file as `static:sanpo/report.css` or by the static tag. A ValueError here would
    only be logged and the PDF made without the file; FatalURLFetchingError does stop it.
    WeasyPrint is loaded by the first report: it costs a web process seconds and memory that pages never need.
    """
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

    class BundledOnly(URLFetcher):  # type: ignore[misc]
        def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:
            if url.startswith("data:"):
                return super().fetch(url, headers)
            path = find_bundled(url)
            if path is None:
                raise FatalURLFetchingError(f"A report may only use bundled files, not {url[:200]!r}.")
            kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
            # The answer names its place under HOME, so that addresses inside a style sheet resolve again.
            return URLFetcherResponse(own_address(url), path.read_bytes(), {"Content-Type": kind})

    return BundledOnly(allowed_protocols=["data"], allow_redirects=False, fail_on_errors=True)


def find_bundled(url: str) -> Path | None:
    """Return the static file an address means; None when it is not one of ours."""
    parts = urlsplit(url)
    if parts.scheme == "file":
        return None if parts.netloc else inside(unquote(parts.path))
    name = static_name(url)
    if not name or ".." in name.split("/"):
        return None
    # Hashed names exist only among the collected files.
    candidates: list[object] = [finders.find(name), str(Path(settings.STATIC_ROOT) / name)]
    for found in candidates:
        path = inside(found) if isinstance(found, str) else None
        if path is not None:
            return path
    return None


def static_name(url: str) -> str:
    """Return the name of a static file from its address, "" for any other address."""
    if url.startswith(SCHEME):
        return unquote(url.removeprefix(SCHEME)).lstrip("/")
    prefix = HOME + settings.STATIC_URL
    return unquote(urlsplit(url).path.removeprefix(settings.STATIC_URL)) if url.startswith(prefix) else ""


def own_address(url: str) -> str:
    """Return the address under which a bundled file resolves what it names itself."""
    return url if url.startswith("file:") else f"{HOME}{settings.STATIC_URL}{static_name(url)}"


def roots() -> list[Path]:
    """Return the folders bundled files lie in."""
    own = [folder for _prefix, folder in settings.STATICFILES_DIRS]
    return [Path(entry).resolve() for entry in [*own, settings.STATIC_ROOT]]


def inside(found: str) -> Path | None:
    """Return the file if it truly lies in a bundled folder, links and dots followed."""
    path = Path(found).resolve()
    return path if path.is_file() and any(path.is_relative_to(root) for root in roots()) else None


def render_pdf(template: str, context: Mapping[str, Any], *, language: str) -> bytes:
    """Render a template in a language and return it as a tagged PDF.

    CPU-bound: call it in a worker. Raises DomainError when the page asks for anything that is not bundled.
    """
    with translation.override(language):
        html = render_to_string(template, {**context, "language": language})
        return print_html(html)


def print_html(html: str) -> bytes:
    """Return a page as a PDF with tags for screen readers."""
    from weasyprint import HTML
    from weasyprint.urls import FatalURLFetchingError

    try:
        page = HTML(string=html, base_url=f"{HOME}/", url_fetcher=bundled_only())
        content: bytes = page.write_pdf(pdf_variant="pdf/ua-1")
    except FatalURLFetchingError as error:  # not an Exception: it would walk through every handler of the worker
        message = _("The report could not be made, because it names a file that is not part of it. Tell your operator.")
        raise DomainError(message, code="pdf_source", detail=str(error)) from error
    return content
