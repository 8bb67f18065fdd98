from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # the table is large: its index is built while it is written to

    dependencies = [("fraud", "0009_tracks_of_cases_only")]

    operations = [
        AddIndexConcurrently(
            model_name="evidence",
            index=models.Index(
                condition=models.Q(("findings", {}), _negated=True),
                fields=["due_at"],
                name="evidence_to_forget",
            ),
        ),
    ]
