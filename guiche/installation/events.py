"""What can happen to the installation's own row."""

from guiche.core.events import Event


class InstallationChanged(Event):
    """`details`: the new values by column; the name of the file for the logo. Never a secret."""

    kind = "installation.changed"
