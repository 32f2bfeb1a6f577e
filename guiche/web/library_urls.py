"""The views of the accounts library, one by one, under our addresses and under the route names it asks for.

Nothing else of it is mounted: there is no sign-up and no change of e-mail. These routes have no namespace, so
`areas.LIBRARY` says to which area each belongs; the gate closes what is not listed there.
"""

from django.urls import path

from guiche.web.profile import second_factor
from guiche.web.public import signin

METHODS = {"http_method_names": ["get", "head", "post"]}  # the library's views would answer OPTIONS too

urlpatterns = [
    path("entrar/", signin.signin, name="account_login"),
    path("entrar/segundo-fator/", signin.SecondStep.as_view(**METHODS), name="mfa_authenticate"),
    path("entrar/chave/", signin.PasskeySignIn.as_view(**METHODS), name="mfa_login_webauthn"),
    path("perfil/seguranca/", second_factor.security, name="mfa_index"),
    path("perfil/seguranca/", second_factor.security, name="mfa_list_webauthn"),
    path("perfil/seguranca/confirmar/", second_factor.Confirm.as_view(**METHODS), name="account_reauthenticate"),
    path("perfil/seguranca/confirmar/codigo/", second_factor.ConfirmCode.as_view(**METHODS), name="mfa_reauthenticate"),
    path(
        "perfil/seguranca/confirmar/chave/",
        second_factor.ConfirmPasskey.as_view(**METHODS),
        name="mfa_reauthenticate_webauthn",
    ),
    path("perfil/seguranca/aplicativo/", second_factor.AddApp.as_view(**METHODS), name="mfa_activate_totp"),
    path(
        "perfil/seguranca/aplicativo/remover/", second_factor.RemoveApp.as_view(**METHODS), name="mfa_deactivate_totp"
    ),
    path("perfil/seguranca/chaves/nova/", second_factor.AddPasskey.as_view(**METHODS), name="mfa_add_webauthn"),
    path(
        "perfil/seguranca/chaves/<int:pk>/remover/",
        second_factor.RemovePasskey.as_view(**METHODS),
        name="mfa_remove_webauthn",
    ),
    path("perfil/seguranca/codigos/", second_factor.Codes.as_view(**METHODS), name="mfa_view_recovery_codes"),
    path(
        "perfil/seguranca/codigos/novos/", second_factor.NewCodes.as_view(**METHODS), name="mfa_generate_recovery_codes"
    ),
]
