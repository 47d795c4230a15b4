"""Leaving and taking one's data along: departures, names that are not given again, copies of data."""

import accounts.models.fields
import django.contrib.postgres.functions
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0007_names'),
    ]

    operations = [
        migrations.CreateModel(
            name='RetiredName',
            fields=[
                ('digest', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('retired_at', models.DateTimeField(db_default=accounts.models.fields.Now(), editable=False)),
            ],
            options={
                'db_table': 'retired_names',
                'constraints': [models.CheckConstraint(condition=models.Q(('digest__regex', '^[0-9a-f]{64}$')), name='retired_names_digest_form_check')],
            },
        ),
        migrations.CreateModel(
            name='Departure',
            fields=[
                ('id', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(db_default=accounts.models.fields.Now(), editable=False)),
                ('due_at', models.DateTimeField(blank=True, db_index=True, null=True, verbose_name='deleted at')),
                ('begun_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='departure', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'departure',
                'verbose_name_plural': 'departures',
                'db_table': 'departures',
                'constraints': [models.CheckConstraint(condition=models.Q(('begun_at__isnull', True), ('due_at__isnull', False), _connector='OR'), name='departures_begun_check')],
            },
        ),
        migrations.CreateModel(
            name='Export',
            fields=[
                ('id', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('state', models.CharField(choices=[('waiting', 'waiting'), ('running', 'running'), ('ready', 'ready'), ('failed', 'failed')], default='waiting', max_length=20)),
                ('done', models.PositiveIntegerField(default=0)),
                ('total', models.PositiveIntegerField(default=0)),
                ('file', models.CharField(blank=True, default='', max_length=255)),
                ('size', models.PositiveBigIntegerField(default=0)),
                ('created_at', models.DateTimeField(db_default=accounts.models.fields.Now(), editable=False)),
                ('moved_at', models.DateTimeField(db_default=accounts.models.fields.Now(), editable=False)),
                ('expires_at', models.DateTimeField(blank=True, null=True)),
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='export', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'exports',
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'running', 'ready', 'failed'])), name='exports_state_check'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'ready'), _negated=True), models.Q(('expires_at__isnull', False), models.Q(('file', ''), _negated=True)), _connector='OR'), name='exports_ready_check')],
            },
        ),
    ]
