"""Pages of scores and reviews."""

from django.urls import path

from assessments.scoring.views import results, reviews, weights

urlpatterns = [
    path("results/", results.result_list, name="result_list"),
    path("results/export/", results.result_list_export, name="result_list_export"),
    path("results/<int:pk>/", results.result, name="result"),
    path("results/<int:pk>/pdf/", results.result_pdf, name="result_pdf"),
    path("reviews/<int:pk>/", reviews.response_review, name="response_review"),
    path("reviews/<int:pk>/start/", reviews.review_start, name="review_start"),
    path("reviews/<int:pk>/accept/", reviews.review_accept, name="review_accept"),
    path("reviews/<int:pk>/return/", reviews.review_return, name="review_return"),
    path("questionnaires/<int:pk>/weights/", weights.questionnaire_weights, name="questionnaire_weights"),
]
