"""The moderators' pages about people; the desk's own urls.py includes them."""

from django.urls import path

from frontend.desk.people import appeals, people, verification

urlpatterns = [
    path("desk/verification/", verification.queue, name="verification"),
    path("desk/verification/<int:request_id>/", verification.case, name="verification_case"),
    path("desk/verification/documents/<uuid:public_id>/", verification.document, name="verification_document"),
    path("desk/appeals/", appeals.queue, name="appeals"),
    path("desk/appeals/<int:appeal_id>/", appeals.decide, name="appeal"),
    path("desk/people/", people.search, name="people"),
    path("desk/people/<int:user_id>/", people.person, name="person"),
    path("desk/people/<int:user_id>/restrict/", people.restrict, name="restrict"),
    path("desk/restrictions/<int:restriction_id>/lift/", people.lift, name="lift"),
]
