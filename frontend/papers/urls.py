from django.urls import path

from frontend.papers.views import documents, fees, statements

app_name = "papers"
urlpatterns = [
    path("wallet/statement/", statements.statement, name="statement"),
    path("wallet/by-card/<int:entry_id>/", statements.by_card, name="by_card"),
    path("wallet/statement.csv", statements.table, name="statement_table"),
    path("wallet/statement.pdf", statements.pdf, name="statement_pdf"),
    path("responses/<int:response_id>/fee/", fees.ask_back, name="ask_back"),
    path("account/requisites/", documents.requisites, name="requisites"),
    path("documents/", documents.overview, name="overview"),
    path("documents/month/", documents.issue_month, name="issue_month"),
    path("documents/<int:document_id>.pdf", documents.pdf, name="document"),
    path("deals/<int:assignment_id>/papers/", documents.issue, name="issue"),
    path("deals/<int:assignment_id>/receipt/", documents.receipt, name="receipt"),
]
