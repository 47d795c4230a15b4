"""Reserved names and letters of several alphabets are refused by the database as well.

Who has such a name all the same, from before or by SQL, becomes `person-` and digits, as in 0007_names.
"""

import re

from django.db import migrations, models

from accounts.models import lookalikes, usernames


def mend(apps, schema_editor):
    User = apps.get_model("accounts", "User")
    for user in User.objects.only("username", "skeleton").iterator():
        if usernames.is_reserved(user.username) or re.search(usernames.ALPHABET.refused, user.username):
            user.username = f"person-{user.pk.hex[:12]}"
            user.skeleton = lookalikes.skeleton(user.username)
            user.save(update_fields=["username", "skeleton"])


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0009_leaving_cascades'),
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        migrations.RunPython(mend, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name='user',
            constraint=models.CheckConstraint(condition=models.Q(('username__regex', '[A-Za-z\\u00c0-\\u00d6\\u00d8-\\u00f6\\u00f8-\\u02af\\u1e00-\\u1eff].*[\\u0370-\\u0373\\u0376-\\u0377\\u037b-\\u037d\\u037f\\u0386\\u0388-\\u03e1\\u03f0-\\u03ff\\u1f00-\\u1fff]|[\\u0370-\\u0373\\u0376-\\u0377\\u037b-\\u037d\\u037f\\u0386\\u0388-\\u03e1\\u03f0-\\u03ff\\u1f00-\\u1fff].*[A-Za-z\\u00c0-\\u00d6\\u00d8-\\u00f6\\u00f8-\\u02af\\u1e00-\\u1eff]|[A-Za-z\\u00c0-\\u00d6\\u00d8-\\u00f6\\u00f8-\\u02af\\u1e00-\\u1eff].*[\\u0400-\\u0482\\u048a-\\u052f\\u1c80-\\u1c88\\ua640-\\ua66e]|[\\u0400-\\u0482\\u048a-\\u052f\\u1c80-\\u1c88\\ua640-\\ua66e].*[A-Za-z\\u00c0-\\u00d6\\u00d8-\\u00f6\\u00f8-\\u02af\\u1e00-\\u1eff]|[A-Za-z\\u00c0-\\u00d6\\u00d8-\\u00f6\\u00f8-\\u02af\\u1e00-\\u1eff].*[\\u0531-\\u0556\\u0560-\\u0588]|[\\u0531-\\u0556\\u0560-\\u0588].*[A-Za-z\\u00c0-\\u00d6\\u00d8-\\u00f6\\u00f8-\\u02af\\u1e00-\\u1eff]|[\\u0370-\\u0373\\u0376-\\u0377\\u037b-\\u037d\\u037f\\u0386\\u0388-\\u03e1\\u03f0-\\u03ff\\u1f00-\\u1fff].*[\\u0400-\\u0482\\u048a-\\u052f\\u1c80-\\u1c88\\ua640-\\ua66e]|[\\u0400-\\u0482\\u048a-\\u052f\\u1c80-\\u1c88\\ua640-\\ua66e].*[\\u0370-\\u0373\\u0376-\\u0377\\u037b-\\u037d\\u037f\\u0386\\u0388-\\u03e1\\u03f0-\\u03ff\\u1f00-\\u1fff]|[\\u0370-\\u0373\\u0376-\\u0377\\u037b-\\u037d\\u037f\\u0386\\u0388-\\u03e1\\u03f0-\\u03ff\\u1f00-\\u1fff].*[\\u0531-\\u0556\\u0560-\\u0588]|[\\u0531-\\u0556\\u0560-\\u0588].*[\\u0370-\\u0373\\u0376-\\u0377\\u037b-\\u037d\\u037f\\u0386\\u0388-\\u03e1\\u03f0-\\u03ff\\u1f00-\\u1fff]|[\\u0400-\\u0482\\u048a-\\u052f\\u1c80-\\u1c88\\ua640-\\ua66e].*[\\u0531-\\u0556\\u0560-\\u0588]|[\\u0531-\\u0556\\u0560-\\u0588].*[\\u0400-\\u0482\\u048a-\\u052f\\u1c80-\\u1c88\\ua640-\\ua66e]'), _negated=True), name='users_username_alphabet_check', violation_error_message='Letters of one alphabet only, please.'),
        ),
        migrations.AddConstraint(
            model_name='user',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('skeleton__in', ['abuse', 'admin', 'administrator', 'all', 'anonymous', 'api', 'bot', 'channel', 'chat', 'deleted', 'everyone', 'former-member', 'guest', 'help', 'here', 'hostmaster', 'mailer-daemon', 'me', 'mod', 'moderator', 'moderators', 'new', 'no-reply', 'nobody', 'none', 'noreply', 'notifications', 'null', 'official', 'owner', 'people', 'postmaster', 'profile', 'room', 'root', 'security', 'settings', 'staff', 'support', 'system', 'undefined', 'unknown', 'webmaster', 'welcome', 'you']), _negated=True), models.Q(('username__regex', '^-*([0-9A-Fa-f]-*){32}$'), _negated=True)), name='users_username_reserved_check', violation_error_message='This name is reserved. Please choose another one.'),
        ),
    ]
