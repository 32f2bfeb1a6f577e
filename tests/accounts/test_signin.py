from guiche.config import settings


def test_passwords_are_kept_by_argon2():
    assert settings.PASSWORD_HASHERS[0] == "django.contrib.auth.hashers.Argon2PasswordHasher"
