"""The drafts app: it holds the files of its drafts."""

from django.apps import AppConfig


class DraftsConfig(AppConfig):
    name = "guiche.drafts"
    label = "drafts"

    def ready(self) -> None:
        from guiche.drafts.models import Draft
        from guiche.files import links

        links.register(Draft.objects.held_file_ids)
