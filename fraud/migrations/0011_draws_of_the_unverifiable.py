from django.db import migrations, models


class Migration(migrations.Migration):
    """Draws made until now count as of cancellations that could be checked: each keeps the chance it had."""

    dependencies = [("fraud", "0010_evidence_to_forget")]

    operations = [
        migrations.AddField(
            model_name="auditdraw",
            name="verifiable",
            field=models.BooleanField(
                default=True, help_text="whether its positions told anything; others are drawn less"
            ),
        ),
    ]
