"""Icons are inlined from the vendored files; a wrong name is found in development."""

import pytest
from django.template import Context, Template

from portal.lib.icons import UnknownIcon, read_drawing

DRAWING = """<svg
  xmlns="http://www.w3.org/2000/svg"
  width="24"
>
  <path stroke="none" d="M0 0h24v24H0z" fill="none" />
  <path d="M5 12l5 5l10 -10" />
</svg>"""


@pytest.fixture(autouse=True)
def icon_folder(tmp_path, settings):
    (tmp_path / "icons").mkdir()
    (tmp_path / "icons" / "check.svg").write_text(DRAWING, encoding="utf-8")
    settings.STATICFILES_DIRS = [("vendor", str(tmp_path))]
    read_drawing.cache_clear()
    yield
    read_drawing.cache_clear()


def render(source):
    return Template(source).render(Context())


def test_icon_inlines_the_drawing_and_hides_it_from_screen_readers():
    assert render('{% icon "check" %}') == (
        '<svg class="ic" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-linecap="round" '
        'stroke-linejoin="round" aria-hidden="true" focusable="false"><path d="M5 12l5 5l10 -10" /></svg>'
    )


def test_icon_small_and_with_a_class_of_its_own():
    assert render('{% icon "check" small=True css="for-done" %}').startswith('<svg class="ic ic-s for-done" ')


@pytest.mark.parametrize("name", ["chekc", "../check", "icons/check", ""])
def test_icon_unknown_is_an_error_in_development(settings, name):
    settings.ICONS_STRICT = True
    with pytest.raises(UnknownIcon):
        read_drawing(name)


def test_icon_unknown_is_empty_in_production(settings):
    settings.ICONS_STRICT = False
    assert read_drawing("chekc") == ""
