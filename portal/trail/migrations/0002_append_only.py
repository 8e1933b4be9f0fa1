"""Number the seals and let the database refuse every change to the trail.

SQLite drops a table's triggers when a later migration rebuilds the table: end such a migration with this RunPython.
"""

from django.conf import settings
from django.db import migrations, models

from portal.trail.guards import statements_to_install, statements_to_remove


def install(apps, schema_editor):
    for statement in statements_to_install(schema_editor.connection.vendor):
        schema_editor.execute(statement, params=None)


def remove(apps, schema_editor):
    for statement in statements_to_remove(schema_editor.connection.vendor):
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [
        ("trail", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="seal",
            name="number",
            field=models.BigIntegerField(default=0, unique=True),
            preserve_default=False,
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(fields=["organisation_id", "-id"], name="trail_entry_organis_5b704f_idx"),
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(fields=["actor", "-id"], name="trail_entry_actor_i_6797c1_idx"),
        ),
        migrations.RunPython(install, remove),
    ]
