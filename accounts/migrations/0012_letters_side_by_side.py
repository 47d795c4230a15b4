"""`rn` looks like `m`, in the skeletons of user names as well. Who had such a name before keeps it, but for what looks
like a reserved one: that becomes `person-` and digits, as in 0007_names.
"""

from django.db import migrations

from accounts.models import lookalikes, usernames


def mend(apps, schema_editor):
    User = apps.get_model("accounts", "User")
    for user in User.objects.filter(skeleton__contains="rn").only("username").order_by("created_at"):
        reserved = usernames.is_reserved(user.username)
        name = f"person-{user.pk.hex[:12]}" if reserved else user.username
        found = lookalikes.skeleton(name)
        if User.objects.filter(skeleton=found).exists():
            found += f" {user.pk.hex}"  # they were there before the rule; no name has a space
        User.objects.filter(pk=user.pk).update(username=name, skeleton=found)


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0011_link_previews'),
    ]

    operations = [
        migrations.RunPython(mend, migrations.RunPython.noop),
    ]
