import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("payments", "0017_words_of_prices")]

    operations = [
        migrations.AlterField(
            model_name="subscriptionrefund",
            name="payment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="refunds", to="payments.subscriptionpayment"
            ),
        ),
        migrations.AddConstraint(
            model_name="subscriptionrefund",
            constraint=models.UniqueConstraint(fields=("payment", "rule"), name="one_subscription_refund_by_each_rule"),
        ),
    ]
