"""Small real files of the demo: a photo, a record, an auditor's report. Drawn here, nobody else's."""

from io import BytesIO

from django.core.files.base import ContentFile
from PIL import Image, ImageDraw


def draw_photo(number: int, name: str = "photo.png") -> "ContentFile[bytes]":
    """Return a small drawing of a shop floor; `number` makes each another file."""
    image = Image.new("RGB", (480, 320), (226, 232, 228))
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 220, 480, 320), fill=(176, 184, 180))
    for column in range(5):
        left = 24 + column * 92
        shade = 70 + (number * 37 + column * 23) % 90
        pen.rectangle((left, 130, left + 60, 236), fill=(shade, shade + 24, shade + 20))
        pen.rectangle((left + 12, 150, left + 48, 176), fill=(240, 214, 120) if column != number % 5 else (196, 72, 60))
    pen.text((12, 12), f"Line {number % 9 + 1}, position {number}", fill=(30, 40, 38))
    buffer = BytesIO()
    image.save(buffer, "PNG")
    return ContentFile(buffer.getvalue(), name=name)


def write_record(title: str, lines: list[str], name: str = "record.txt") -> "ContentFile[bytes]":
    """Return a plain record as a text file."""
    return ContentFile("\n".join((title, "", *lines, "")).encode(), name=name)


def print_report(title: str, lines: list[str]) -> "ContentFile[bytes]":
    """Return the audit firm's own report: one page, as a PDF."""
    page = Image.new("L", (620, 877), 255)
    pen = ImageDraw.Draw(page)
    pen.text((60, 70), title, fill=0, font_size=20)
    for number, line in enumerate(lines):
        pen.text((60, 130 + 24 * number), line, fill=40, font_size=14)
    buffer = BytesIO()
    page.save(buffer, "PDF")
    return ContentFile(buffer.getvalue(), name="report.pdf")
