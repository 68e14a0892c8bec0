"""Chapter 7.2a: verified data as signed, and what the checks found explained; both are only ever added to."""
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from inspectorate.audit.append_only import only_added


class Migration(migrations.Migration):

    dependencies = [
        ('programme', '0001_initial'),
        ('ratings', '0002_panel_room'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Explanation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('finding', models.CharField(max_length=64)),
                ('reason', models.TextField()),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('inspection', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='explanations', to='programme.inspection')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='VerifiedData',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('content', models.JSONField()),
                ('digest', models.CharField(max_length=64)),
                ('sampled', models.PositiveIntegerField()),
                ('submitted', models.PositiveIntegerField()),
                ('findings', models.JSONField(default=list)),
                ('reason', models.TextField(blank=True)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('inspection', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='verified_data', to='programme.inspection')),
            ],
            options={
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(fields=('inspection', 'number'), name='a_version_of_verified_data_is_signed_once')],
            },
        ),
        only_added("ratings_explanation", "ratings_verifieddata"),
    ]
