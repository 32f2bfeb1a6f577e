"""Reading the environment: three small readers that fail loudly."""

import os
import secrets
from pathlib import Path


class BadEnvironment(Exception):
    """An environment variable holds something that cannot be used."""


def text(name: str, default: str = "") -> str:
    """Return the variable as text; `default` when it is absent or blank."""
    return os.environ.get(name, "").strip() or default


def flag(name: str, default: bool = False) -> bool:
    """Return the variable as a yes or no (1/0, true/false, yes/no). Raises BadEnvironment on anything else."""
    value = text(name).lower()
    if not value:
        return default
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    raise BadEnvironment(f"{name} must be 1 or 0, not {value!r}.")


def number(name: str, default: int) -> int:
    """Return the variable as a whole number. Raises BadEnvironment when it is not one."""
    value = text(name)
    try:
        return int(value) if value else default
    except ValueError:
        raise BadEnvironment(f"{name} must be a whole number, not {value!r}.") from None


def state_folder() -> Path:
    """Return GUICHE_HOME, where everything that must be kept lives; `var/` beside the code by default."""
    default = Path(__file__).resolve().parents[2] / "var"
    return Path(text("GUICHE_HOME", str(default))).expanduser().resolve()


def secret(home: Path, name: str) -> str:
    """Return the secret kept in the file `name` of the state folder, making it (mode 600) the first time."""
    path = home / name
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    value = secrets.token_urlsafe(48)
    with os.fdopen(handle, "w") as out:
        out.write(value)
    return value
