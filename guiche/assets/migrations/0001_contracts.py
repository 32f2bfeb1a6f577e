"""Contracts of organisations and the products that each names."""

import django.db.models.deletion
import guiche.core.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('catalog', '0005_one_condition_no_more'),
        ('organizations', '0002_names_once'),
    ]

    operations = [
        migrations.CreateModel(
            name='Contract',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=60, verbose_name='number')),
                ('valid_from', models.DateField(verbose_name='valid from')),
                ('valid_until', models.DateField(blank=True, null=True, verbose_name='valid until')),
                ('note', models.TextField(blank=True, verbose_name='notes for staff')),
                ('is_active', models.BooleanField(default=True, verbose_name='active')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='contracts', to='organizations.organization')),
            ],
        ),
        migrations.CreateModel(
            name='CoveredProduct',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('contract', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='covered', to='assets.contract')),
                ('product', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.product')),
            ],
        ),
        migrations.AddField(
            model_name='contract',
            name='products',
            field=models.ManyToManyField(blank=True, related_name='contracts', through='assets.CoveredProduct', to='catalog.product'),
        ),
        migrations.AddConstraint(
            model_name='coveredproduct',
            constraint=models.UniqueConstraint(fields=('contract', 'product'), name='covered_product_once'),
        ),
        migrations.AddConstraint(
            model_name='contract',
            constraint=models.UniqueConstraint(models.F('organization'), guiche.core.fields.SortKey('number'), name='contract_number_once'),
        ),
        migrations.AddConstraint(
            model_name='contract',
            constraint=models.CheckConstraint(condition=models.Q(('valid_until__isnull', True), ('valid_until__gte', models.F('valid_from')), _connector='OR'), name='contract_days_in_order'),
        ),
    ]
