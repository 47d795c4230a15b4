"""What names and descriptions may hold, kept by the database; and what user names look like.

Texts that break the rules are mended as far as that goes; a user name that cannot stay becomes `person-` and digits.
"""

import re
import unicodedata

import accounts.models.lookalikes
import accounts.models.texts
import accounts.models.usernames
import django.core.validators
import django.db.models.functions.text
import django.db.models.lookups
from django.db import migrations, models

from accounts.models import lookalikes, texts, usernames

# Whoever writes in SQL alone leaves the skeleton to the database, which knows only the lower-case form.
FILL = """
    CREATE FUNCTION chat_app.fill_skeleton() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
    BEGIN
        NEW.skeleton = pg_catalog.lower(NEW.username);
        RETURN NEW;
    END $$;
    CREATE TRIGGER users_skeleton_new BEFORE INSERT ON users FOR EACH ROW
        WHEN (NEW.skeleton IS NULL) EXECUTE FUNCTION chat_app.fill_skeleton();
    CREATE TRIGGER users_skeleton_renamed BEFORE UPDATE OF username ON users FOR EACH ROW
        WHEN (NEW.skeleton = OLD.skeleton AND lower(NEW.username) <> lower(OLD.username))
        EXECUTE FUNCTION chat_app.fill_skeleton();
"""


def mend(apps, schema_editor):
    User, Profile = apps.get_model("accounts", "User"), apps.get_model("accounts", "Profile")
    seen = set()
    for user in User.objects.only("username", "skeleton").order_by("created_at").iterator():
        name = unicodedata.normalize("NFKC", user.username)
        if len(name) < usernames.USERNAME_MIN or re.search(usernames.FORM.refused, name):
            name = f"person-{user.pk.hex[:12]}"
        user.username, user.skeleton = name, lookalikes.skeleton(name)
        if user.skeleton in seen:
            user.skeleton += f" {user.pk.hex}"  # they were there before the rule; no name has a space
        seen.add(user.skeleton)
        user.save(update_fields=["username", "skeleton"])
    for profile in Profile.objects.iterator():
        profile.display_name = _kept(texts.ONE_LINE, texts.line, profile.display_name, 100)
        profile.bio = _kept(texts.PARAGRAPHS, texts.paragraphs, profile.bio, 500)
        profile.avatar_url = None  # until now nothing set one
        profile.save(update_fields=["display_name", "bio", "avatar_url"])


def _kept(rule, compose, text, most):
    return compose(compose(re.sub(rule.refused, "", text or ""))[:most]) or None


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0006_setting_shapes'),
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        migrations.AddField(
            model_name='user',
            name='skeleton',
            field=models.CharField(max_length=255, editable=False, null=True),
        ),
        migrations.RunPython(mend, migrations.RunPython.noop),
        migrations.AlterField(
            model_name='user',
            name='skeleton',
            field=accounts.models.lookalikes.SkeletonField('username', editable=False, max_length=255, unique=True),
        ),
        migrations.RunSQL(FILL, "DROP FUNCTION chat_app.fill_skeleton() CASCADE"),
        migrations.AlterField(
            model_name='profile',
            name='avatar_url',
            field=models.CharField(blank=True, editable=False, max_length=255, null=True, verbose_name='picture'),
        ),
        migrations.AlterField(
            model_name='profile',
            name='bio',
            field=models.TextField(blank=True, max_length=500, null=True, validators=[django.core.validators.MaxLengthValidator(500, 'At most 500 characters.'), texts.Refuses(*texts.PARAGRAPHS)], verbose_name='about me'),
        ),
        migrations.AlterField(
            model_name='profile',
            name='display_name',
            field=models.CharField(blank=True, error_messages={'max_length': 'At most 100 characters.'}, max_length=100, null=True, validators=[texts.Refuses(*texts.ONE_LINE), texts.Refuses(*texts.TIDY)], verbose_name='name shown to others'),
        ),
        migrations.AlterField(
            model_name='user',
            name='username',
            field=models.CharField(error_messages={'max_length': 'At most 50 characters.', 'unique': 'Someone already has this name, or one that looks like it. Please choose another one.'}, max_length=50, unique=True, validators=[django.core.validators.MinLengthValidator(2, 'At least 2 characters.'), django.core.validators.RegexValidator(re.compile('^\\w(?:[\\w.-]*\\w)?\\Z'), 'Use letters, digits, dots, hyphens and underscores only, and no dot or hyphen at either end.'), accounts.models.lookalikes.one_script, accounts.models.usernames.not_reserved], verbose_name='user name'),
        ),
        migrations.AddIndex(
            model_name='profile',
            index=models.Index(fields=['avatar_url'], name='profiles_avatar_url_idx'),
        ),
        migrations.AddConstraint(
            model_name='profile',
            constraint=models.CheckConstraint(condition=models.Q(django.db.models.lookups.GreaterThanOrEqual(django.db.models.functions.text.Length('display_name'), 1)), name='profiles_display_name_least_check', violation_error_message='Leave it out rather than empty.'),
        ),
        migrations.AddConstraint(
            model_name='profile',
            constraint=models.CheckConstraint(condition=models.Q(django.db.models.lookups.LessThanOrEqual(django.db.models.functions.text.Length('display_name'), 100)), name='profiles_display_name_length_check', violation_error_message='At most 100 characters.'),
        ),
        migrations.AddConstraint(
            model_name='profile',
            constraint=models.CheckConstraint(condition=models.Q(accounts.models.texts.Composed(models.F('display_name'), form='NFC')), name='profiles_display_name_composed_check', violation_error_message='Letters composed with their marks, please.'),
        ),
        migrations.AddConstraint(
            model_name='profile',
            constraint=models.CheckConstraint(condition=models.Q(('display_name__regex', '[\\u0001-\\u0008\\u000b-\\u001f\\u007f-\\u009f\\u2028\\u2029\\ufff9-\\uffff\\u0009\\u000a\\u061c\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069\\u00ad\\u034f\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b\\u200c\\u2060-\\u2065\\u206a-\\u206f\\u2800\\u3164\\ufe00-\\ufe0d\\ufeff\\uffa0\\U000e0000-\\U000e007f]|(?<![\\u00a9\\u00ae\\u2190-\\u2bff\\ufe0f\\U0001f000-\\U0001faff])\\u200d|\\u200d(?![\\u00a9\\u00ae\\u2190-\\u2bff\\ufe0f\\U0001f000-\\U0001faff])'), _negated=True), name='profiles_display_name_visible_check', violation_error_message='Without invisible characters, please, and none that turn the direction of writing.'),
        ),
        migrations.AddConstraint(
            model_name='profile',
            constraint=models.CheckConstraint(condition=models.Q(('display_name__regex', '^ | $|  '), _negated=True), name='profiles_display_name_tidy_check', violation_error_message='No spaces at either end, please, and one between words.'),
        ),
        migrations.AddConstraint(
            model_name='profile',
            constraint=models.CheckConstraint(condition=models.Q(django.db.models.lookups.GreaterThanOrEqual(django.db.models.functions.text.Length('bio'), 1)), name='profiles_bio_least_check', violation_error_message='Leave it out rather than empty.'),
        ),
        migrations.AddConstraint(
            model_name='profile',
            constraint=models.CheckConstraint(condition=models.Q(accounts.models.texts.Composed(models.F('bio'), form='NFC')), name='profiles_bio_composed_check', violation_error_message='Letters composed with their marks, please.'),
        ),
        migrations.AddConstraint(
            model_name='profile',
            constraint=models.CheckConstraint(condition=models.Q(('bio__regex', '[\\u0001-\\u0008\\u000b-\\u001f\\u007f-\\u009f\\u2028\\u2029\\ufff9-\\uffff\\u061c\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069\\u00ad\\u034f\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b\\u200c\\u2060-\\u2065\\u206a-\\u206f\\u2800\\u3164\\ufe00-\\ufe0d\\ufeff\\uffa0\\U000e0000-\\U000e007f]|(?<![\\u00a9\\u00ae\\u2190-\\u2bff\\ufe0f\\U0001f000-\\U0001faff])\\u200d|\\u200d(?![\\u00a9\\u00ae\\u2190-\\u2bff\\ufe0f\\U0001f000-\\U0001faff])'), _negated=True), name='profiles_bio_visible_check', violation_error_message='Without invisible characters, please, and none that turn the direction of writing.'),
        ),
        migrations.AddConstraint(
            model_name='profile',
            constraint=models.CheckConstraint(condition=models.Q(('avatar_url__startswith', '/avatars/')), name='profiles_avatar_url_prefix_check'),
        ),
        migrations.AddConstraint(
            model_name='user',
            constraint=models.CheckConstraint(condition=models.Q(django.db.models.lookups.GreaterThanOrEqual(django.db.models.functions.text.Length('username'), 2)), name='users_username_least_check', violation_error_message='At least 2 characters.'),
        ),
        migrations.AddConstraint(
            model_name='user',
            constraint=models.CheckConstraint(condition=models.Q(django.db.models.lookups.LessThanOrEqual(django.db.models.functions.text.Length('username'), 50)), name='users_username_length_check', violation_error_message='At most 50 characters.'),
        ),
        migrations.AddConstraint(
            model_name='user',
            constraint=models.CheckConstraint(condition=models.Q(accounts.models.texts.Composed(models.F('username'), form='NFKC')), name='users_username_composed_check', violation_error_message='Letters composed with their marks, please.'),
        ),
        migrations.AddConstraint(
            model_name='user',
            constraint=models.CheckConstraint(condition=models.Q(('username__regex', '[\\u0009\\u000a\\u0020-\\u002c\\u002f\\u003a-\\u0040\\u005b-\\u005e\\u0060\\u007b-\\u007e\\u0001-\\u0008\\u000b-\\u001f\\u007f-\\u009f\\u2028\\u2029\\ufff9-\\uffff\\u061c\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069\\u00ad\\u034f\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b\\u200c\\u2060-\\u2065\\u206a-\\u206f\\u2800\\u3164\\ufe00-\\ufe0d\\ufeff\\uffa0\\U000e0000-\\U000e007f\\u00a0-\\u00a9\\u00ab-\\u00b4\\u00b6-\\u00b9\\u00bb-\\u00bf\\u00d7\\u00f7\\u2000-\\u2070\\u2190-\\u2bff\\u3000-\\u3004\\ue000-\\uf8ff\\U0001f000-\\U0001faff]|^[.-]|[.-]$'), _negated=True), name='users_username_form_check', violation_error_message='Use letters, digits, dots, hyphens and underscores only, and no dot or hyphen at either end.'),
        ),
        migrations.AlterConstraint(
            model_name='profile',
            name='profiles_bio_length_check',
            constraint=models.CheckConstraint(condition=models.Q(django.db.models.lookups.LessThanOrEqual(django.db.models.functions.text.Length('bio'), 500)), name='profiles_bio_length_check', violation_error_message='At most 500 characters.'),
        ),
        migrations.AlterConstraint(
            model_name='user',
            name='users_username_lower_key',
            constraint=models.UniqueConstraint(django.db.models.functions.text.Lower('username'), name='users_username_lower_key', violation_error_message='Someone already has this name, or one that looks like it. Please choose another one.'),
        ),
    ]
