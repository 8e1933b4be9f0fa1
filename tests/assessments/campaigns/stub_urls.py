from django.http import HttpResponse
from django.urls import include, path

stub = lambda request, *a, **k: HttpResponse("")
urlpatterns = [
    path("campaigns/", include("assessments.campaigns.urls")), path("q/", include("assessments.questionnaires.urls")), path("home", stub, name="home"),
    *(path(f"stub/{n}/", stub, name=n) for n in ("inbox","dashboard","supplier_list","response_list","finding_list","result_list","team","account","account_logout","set_language")),
    *(path(f"stub/{n}/<int:pk>/", stub, name=n) for n in ("response_hub","response_review","questionnaire_preview")),
    path("stub/job/<uuid:pk>/", stub, name="job_detail"),
    path("stub/invitation_open/<str:t>/", stub, name="invitation_open"),
]
