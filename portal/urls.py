"""All pages: each room brings its own."""

from django.urls import include, path

urlpatterns = [
    path("", include("suppliers.organisations.urls")),
    path("", include("portal.accounts.urls")),
    path("jobs/", include("portal.jobs.urls")),
    path("", include("portal.notices.urls")),
    path("trail/", include("portal.trail.urls")),
    path("", include("assessments.overview.urls")),
    path("campaigns/", include("assessments.campaigns.urls")),
    path("", include("assessments.responses.urls")),
    path("", include("assessments.scoring.urls")),
    path("findings/", include("assessments.findings.urls")),
    path("audits/", include("assessments.audits.urls")),
    path("minerals/", include("minerals.rollup.urls")),
    path("minerals/declarations/", include("minerals.declarations.urls")),
    path("minerals/smelters/", include("minerals.smelters.urls")),
    path("minerals/origins/", include("minerals.origins.urls")),
    path("minerals/customers/", include("minerals.customers.urls")),
    path("questionnaires/", include("assessments.questionnaires.urls")),
    path("", include("portal.api.urls")),
]
