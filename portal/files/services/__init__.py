"""Deeds on stored files, split by subject."""

from portal.files.services.contents import ALLOWED
from portal.files.services.downloads import file_response
from portal.files.services.pictures import shrink_picture
from portal.files.services.scanning import ScannerAway, scan_file, sweep_scans
from portal.files.services.storing import forget_expired, read_content, store_generated, store_upload

__all__ = [
    "ALLOWED",
    "ScannerAway",
    "file_response",
    "forget_expired",
    "read_content",
    "scan_file",
    "shrink_picture",
    "store_generated",
    "store_upload",
    "sweep_scans",
]
