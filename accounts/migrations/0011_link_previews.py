"""The kind of value of each setting, with that of link previews."""

import accounts.models.fields
import django.db.models.lookups
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0010_reserved_names'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='setting',
            name='settings_value_check',
        ),
        migrations.AddConstraint(
            model_name='setting',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(models.Q(('key__in', ['link_previews', 'enter_to_send', 'typing', 'receipts']), _negated=True), django.db.models.lookups.Exact(accounts.models.fields.JsonType('value'), models.Value('boolean')), _connector='OR'), models.Q(models.Q(('key__in', ['theme', 'language', 'time_zone', 'may_message', 'may_add_to_groups', 'last_seen']), _negated=True), django.db.models.lookups.Exact(accounts.models.fields.JsonType('value'), models.Value('string')), _connector='OR')), name='settings_value_check'),
        ),
    ]
