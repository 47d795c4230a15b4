"""The kind of value of each setting, as declared."""

import accounts.models.fields
import django.db.models.lookups
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ('accounts', '0005_sealed_columns'),
    ]

    operations = [
        migrations.AddConstraint(
            model_name='setting',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(models.Q(('key__in', ['enter_to_send', 'typing', 'receipts']), _negated=True), django.db.models.lookups.Exact(accounts.models.fields.JsonType('value'), models.Value('boolean')), _connector='OR'), models.Q(models.Q(('key__in', ['theme', 'language', 'time_zone', 'may_message', 'may_add_to_groups', 'last_seen']), _negated=True), django.db.models.lookups.Exact(accounts.models.fields.JsonType('value'), models.Value('string')), _connector='OR')), name='settings_value_check'),
        ),
    ]
