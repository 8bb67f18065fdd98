from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("fraud", "0007_a_lone_position_is_a_stay")]

    operations = [
        migrations.AddField(
            model_name="score",
            name="facts",
            field=models.JSONField(
                default=list,
                help_text="kind, side and numbers in the order of reading; empty for the rule, see the evidence",
            ),
        ),
    ]
