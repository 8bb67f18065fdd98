from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("fraud", "0006_third_look"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="keptstay",
            name="stay_is_whole",
        ),
        migrations.AddConstraint(
            model_name="keptstay",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("closed_at__gte", models.F("end")), ("end__gte", models.F("start")), ("fixes__gt", 0)
                ),
                name="stay_is_whole",
            ),
        ),
    ]
