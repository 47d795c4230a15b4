# The five tables of the database plan, with the staff columns, session columns and search keys added.

import accounts.models.fields
import accounts.models.usernames
import django.contrib.postgres.functions
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import django.db.models.lookups
import re
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('email', accounts.models.fields.LowercaseEmailField(max_length=255, unique=True, verbose_name='e-mail address')),
                ('username', models.CharField(max_length=50, unique=True, validators=[django.core.validators.RegexValidator(re.compile('^\\w(?:[\\w.-]*\\w)?\\Z'), 'Use letters, digits, dots, hyphens and underscores only, and no dot or hyphen at either end.'), accounts.models.usernames.not_reserved], verbose_name='user name')),
                ('password', models.CharField(db_column='password_hash', max_length=255, verbose_name='password')),
                ('created_at', models.DateTimeField(db_default=accounts.models.fields.Now(), editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True, db_default=accounts.models.fields.Now())),
                ('last_login', models.DateTimeField(blank=True, db_column='last_login_at', null=True, verbose_name='last log-in')),
                ('is_active', models.BooleanField(db_default=True, default=True, verbose_name='active')),
                ('is_verified', models.BooleanField(db_default=False, default=False, verbose_name='verified')),
                ('is_staff', models.BooleanField(db_default=False, default=False, verbose_name='staff')),
                ('is_superuser', models.BooleanField(db_default=False, default=False, verbose_name='administrator')),
                ('search_key', models.GeneratedField(db_persist=True, expression=django.db.models.functions.text.Lower('username'), output_field=models.TextField(db_collation='C'))),
                ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
            ],
            options={
                'verbose_name': 'person',
                'verbose_name_plural': 'people',
                'db_table': 'users',
            },
        ),
        migrations.CreateModel(
            name='Profile',
            fields=[
                ('id', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('display_name', models.CharField(blank=True, max_length=100, null=True, verbose_name='name shown to others')),
                ('bio', models.TextField(blank=True, max_length=500, null=True, verbose_name='about me')),
                ('avatar_url', models.CharField(blank=True, max_length=255, null=True, verbose_name='picture')),
                ('created_at', models.DateTimeField(db_default=accounts.models.fields.Now(), editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True, db_default=accounts.models.fields.Now())),
                ('search_key', models.GeneratedField(db_persist=True, expression=django.db.models.functions.text.Lower('display_name'), output_field=models.TextField(db_collation='C'))),
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='profile', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'profiles',
            },
        ),
        migrations.CreateModel(
            name='RefreshToken',
            fields=[
                ('id', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('token', models.CharField(max_length=255, unique=True)),
                ('expires_at', models.DateTimeField()),
                ('created_at', models.DateTimeField(db_default=accounts.models.fields.Now(), editable=False)),
                ('revoked', models.BooleanField(db_default=False, default=False)),
                ('revoked_at', models.DateTimeField(blank=True, null=True)),
                ('family', models.UUIDField(db_index=True, default=uuid.uuid4, editable=False)),
                ('used_at', models.DateTimeField(blank=True, null=True)),
                ('authenticated_at', models.DateTimeField(db_default=accounts.models.fields.Now(), editable=False)),
                ('device', models.CharField(blank=True, db_default='', default='', max_length=100)),
                ('parent', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='child', to='accounts.refreshtoken')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='refresh_tokens', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'refresh_tokens',
            },
        ),
        migrations.CreateModel(
            name='Relationship',
            fields=[
                ('id', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('type', models.CharField(choices=[('friend', 'friend'), ('blocked', 'blocked')], max_length=20)),
                ('status', models.CharField(choices=[('pending', 'pending'), ('accepted', 'accepted'), ('rejected', 'rejected')], max_length=20)),
                ('created_at', models.DateTimeField(db_default=accounts.models.fields.Now(), editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True, db_default=accounts.models.fields.Now())),
                ('related_user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='related_by', to=settings.AUTH_USER_MODEL)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='relationships', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'relationships',
            },
        ),
        migrations.CreateModel(
            name='Setting',
            fields=[
                ('id', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('key', models.CharField(max_length=50)),
                ('value', models.JSONField()),
                ('updated_at', models.DateTimeField(auto_now=True, db_default=accounts.models.fields.Now())),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='settings', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'settings',
            },
        ),
        migrations.AddIndex(
            model_name='user',
            index=models.Index(fields=['search_key', 'id'], name='users_search_key_idx'),
        ),
        migrations.AddIndex(
            model_name='user',
            index=models.Index(django.db.models.functions.text.Upper('username'), name='users_username_upper_idx'),
        ),
        migrations.AddConstraint(
            model_name='user',
            constraint=models.UniqueConstraint(django.db.models.functions.text.Lower('username'), name='users_username_lower_key', violation_error_message='Someone already has this name. Please choose another one.'),
        ),
        migrations.AddIndex(
            model_name='profile',
            index=models.Index(fields=['search_key', 'user'], name='profiles_search_key_idx'),
        ),
        migrations.AddConstraint(
            model_name='profile',
            constraint=models.CheckConstraint(condition=models.Q(django.db.models.lookups.LessThanOrEqual(django.db.models.functions.text.Length('bio'), 500)), name='profiles_bio_length_check'),
        ),
        migrations.AddIndex(
            model_name='refreshtoken',
            index=models.Index(fields=['expires_at'], name='refresh_tokens_expires_idx'),
        ),
        migrations.AddIndex(
            model_name='relationship',
            index=models.Index(fields=['related_user', 'type', 'status'], name='relationships_related_idx'),
        ),
        migrations.AddConstraint(
            model_name='relationship',
            constraint=models.UniqueConstraint(fields=('user', 'related_user'), name='relationships_user_id_related_user_id_key'),
        ),
        migrations.AddConstraint(
            model_name='relationship',
            constraint=models.CheckConstraint(condition=models.Q(('type__in', ['friend', 'blocked'])), name='relationships_type_check'),
        ),
        migrations.AddConstraint(
            model_name='relationship',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['pending', 'accepted', 'rejected'])), name='relationships_status_check'),
        ),
        migrations.AddConstraint(
            model_name='relationship',
            constraint=models.CheckConstraint(condition=models.Q(('user', models.F('related_user')), _negated=True), name='relationships_self_check'),
        ),
        migrations.AddConstraint(
            model_name='setting',
            constraint=models.UniqueConstraint(fields=('user', 'key'), name='settings_user_id_key_key'),
        ),
    ]
