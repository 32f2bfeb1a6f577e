from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "guiche.accounts"
    label = "accounts"
