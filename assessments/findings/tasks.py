"""Findings in a worker."""

from typing import Any

from django.http import QueryDict

from assessments.findings.queries import listed_findings
from assessments.findings.reports import finding_sheet
from portal.files.enums import FileKind
from portal.files.services import store_generated
from portal.jobs.models import Job
from portal.jobs.services import follow, runner
from portal.lib.workbook import write_workbook
