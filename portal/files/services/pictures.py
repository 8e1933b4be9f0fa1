"""Small copies of pictures, for lists on a bad line."""

import io

from PIL import Image, ImageOps

from portal.files.models import StoredFile
from portal.files.services.contents import PILLOW_FORMATS
from portal.files.services.downloads import check_ready, file_is_gone
from portal.files.services.storing import read_content

EDGE = 320
QUALITY = 78


def shrink_picture(stored: StoredFile) -> bytes:
    """Return a JPEG of a stored picture, at most EDGE pixels wide and high and the right way up.

    The caller has checked that the reader may have it. Raises KeyError for what is no picture, DomainError for a
    file that is not ready or gone.
    """
    check_ready(stored)
    kind = PILLOW_FORMATS[stored.content_type]
    try:
        content = read_content(stored)
    except OSError as error:
        raise file_is_gone() from error
    small = io.BytesIO()
    with Image.open(content, formats=[kind]) as picture:
        picture.draft("RGB", (2 * EDGE, 2 * EDGE))  # JPEG decodes no more of the pixels than needed
        picture.thumbnail((EDGE, EDGE))
        ImageOps.exif_transpose(picture).convert("RGB").save(small, "JPEG", quality=QUALITY)
    return small.getvalue()
