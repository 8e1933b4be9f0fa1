"""Excel's default encryption: old templates were sent out under a password that every Excel knows by itself."""

import io
import re
from typing import Final

import msoffcrypto
import olefile
from msoffcrypto.exceptions import DecryptionError, FileFormatError, InvalidKeyError

from minerals.templates_io.workbook.errors import Unreadable

DEFAULT_PASSWORD: Final = "VelvetSweatshop"  # noqa: S105 the one Excel uses where the user gave none
PACKAGE: Final = "EncryptedPackage"
INFO: Final = "EncryptionInfo"
BOOKS: Final = ("Workbook", "Book")
SPINS: Final = re.compile(rb"""spinCount\s*=\s*["'](\d+)["']""")
MOST_SPINS: Final = 1_000_000  # Excel writes 100,000; each is one more hash, and a file may ask for billions
LONGEST_COUNT: Final = 7


def decrypt_package(content: bytes) -> bytes | None:
    """Return the .xlsx inside of an encrypted file; None where it is an .xls instead."""
    try:
        with olefile.OleFileIO(io.BytesIO(content)) as ole:
            if any(ole.exists(name) for name in BOOKS):
                return None
            if not ole.exists(PACKAGE):
                raise Unreadable("not_a_workbook")
            info = ole.openstream(INFO).read()
    except Unreadable:
        raise
    except Exception as error:  # olefile raises whatever a broken byte leads to
        raise Unreadable("damaged") from error
    for digits in SPINS.findall(info):
        if len(digits) > LONGEST_COUNT or int(digits) > MOST_SPINS:
            raise Unreadable("damaged")
    return decrypt(content)


def decrypt_records(content: bytes) -> bytes:
    """Return an encrypted .xls in the clear."""
    return decrypt(content)


def decrypt(content: bytes) -> bytes:
    """Decrypt with the default password; another password makes the file locked."""
    clear = io.BytesIO()
    try:
        file = msoffcrypto.OfficeFile(io.BytesIO(content))
        file.load_key(password=DEFAULT_PASSWORD)
        file.decrypt(clear)
    except (InvalidKeyError, DecryptionError) as error:
        raise Unreadable("locked") from error
    except FileFormatError as error:
        raise Unreadable("damaged") from error
    except Exception as error:  # as above: any error there means broken bytes
        raise Unreadable("damaged") from error
    return clear.getvalue()
