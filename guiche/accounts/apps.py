from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "guiche.accounts"
    label = "accounts"

    def ready(self) -> None:
        from guiche.accounts.models import User
        from guiche.files import links

        links.register(lambda: User.objects.exclude(photo=None).values("photo"))
