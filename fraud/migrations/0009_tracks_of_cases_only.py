import django.db.models.deletion
from django.db import migrations, models

# Of the copies that every cancellation had, those of cases are kept; the others go with their column.
COPY = """
INSERT INTO fraud_casetrack (case_id, moment, points)
SELECT c.id, e.moment, e.track FROM fraud_case AS c
JOIN fraud_evidence AS e ON e.cancellation_id = c.cancellation_id
WHERE jsonb_array_length(e.track) > 0
"""
BACK = """
UPDATE fraud_evidence AS e SET track = t.points FROM fraud_casetrack AS t JOIN fraud_case AS c ON c.id = t.case_id
WHERE e.cancellation_id = c.cancellation_id AND e.moment = t.moment
"""


class Migration(migrations.Migration):
    dependencies = [
        ("fraud", "0008_facts_of_a_score"),
        ("tasks_app", "0010_sound_reference_data"),
    ]

    operations = [
        migrations.CreateModel(
            name="CaseTrack",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "moment",
                    models.CharField(
                        choices=[
                            ("cancellation", "at the cancellation"),
                            ("window_end", "at the end of the agreed time"),
                            ("plus_2h", "two hours after"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "points",
                    models.JSONField(
                        help_text="[[ISO time, degrees of longitude, of latitude, metres of accuracy or null], …]"
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="tracks", to="fraud.case"
                    ),
                ),
            ],
        ),
        migrations.RunSQL(COPY, BACK),
        migrations.AddConstraint(
            model_name="casetrack",
            constraint=models.UniqueConstraint(fields=("case", "moment"), name="one_track_per_moment"),
        ),
        migrations.RemoveField(model_name="evidence", name="track"),
        migrations.AlterField(
            model_name="evidence",
            name="findings",
            field=models.JSONField(
                default=dict,
                help_text="facts, factors and measures of the rule, no coordinates; empty once forgotten",
            ),
        ),
        migrations.AddField(
            model_name="case",
            name="over_at",
            field=models.DateTimeField(
                blank=True,
                help_text="from then on no appeal and no further look can change the outcome",
                null=True,
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("over_at", None), ("status", "closed")),
                fields=["closed_at"],
                name="case_not_over",
            ),
        ),
    ]
