"""Opening, paying, holding, dividing and ending: each verb is one transaction under the deal's lock."""
