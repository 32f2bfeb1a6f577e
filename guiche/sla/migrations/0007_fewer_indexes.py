"""Indexes that nothing looks into go: a change of a calendar writes every clock."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0004_remembered_device'),
        ('calendars', '0003_shipped'),
        ('sla', '0006_escalations'),
        ('tickets', '0003_diagnosis'),
        ('workflows', '0003_pauses_clocks'),
    ]

    operations = [
        migrations.AlterField(
            model_name='clock',
            name='calendar',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='calendars.calendar'),
        ),
        migrations.AlterField(
            model_name='clock',
            name='city_calendar',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='calendars.calendar'),
        ),
        migrations.AlterField(
            model_name='clock',
            name='policy_version',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sla.policyversion'),
        ),
        migrations.AlterField(
            model_name='clock',
            name='status',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='workflows.status'),
        ),
        migrations.AlterField(
            model_name='clock',
            name='team',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.team'),
        ),
        migrations.AlterField(
            model_name='clock',
            name='ticket',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='clocks', to='tickets.ticket'),
        ),
        migrations.AlterField(
            model_name='interval',
            name='calendar_version',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='calendars.calendarversion'),
        ),
        migrations.AlterField(
            model_name='interval',
            name='city_version',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='calendars.calendarversion'),
        ),
        migrations.AlterField(
            model_name='interval',
            name='clock',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='intervals', to='sla.clock'),
        ),
        migrations.AlterField(
            model_name='interval',
            name='policy_version',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sla.policyversion'),
        ),
        migrations.AlterField(
            model_name='interval',
            name='status',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='workflows.status'),
        ),
    ]
