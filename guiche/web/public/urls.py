"""Addresses of the area `public`: what is open to whoever has not signed in."""

from django.urls import path

from guiche.web.public import first_access, pages, signin

app_name = "public"
urlpatterns = [
    path("entrar/", signin.signin, name="signin"),
    path("sair/", signin.signout, name="signout"),
    path("primeiro-acesso/", first_access.ask_first_access, name="first-access"),
    path("primeiro-acesso/<str:token>/", first_access.first_password, name="first-password"),
    path("senha/", first_access.ask_new_password, name="new-password"),
    path("senha/nova/<str:token>/", first_access.new_password, name="choose-password"),
    path("cadastro/", first_access.register, name="register"),
    path("cadastro/<str:token>/", first_access.confirm, name="confirm"),
    path("configurar/<str:token>/", first_access.set_up, name="set-up"),
    path("acessibilidade/", pages.accessibility, name="accessibility"),
    path("privacidade/", pages.privacy, name="privacy"),
    path("marca/logotipo/", pages.logo, name="logo"),
    path("livez", pages.livez, name="livez"),
    path("readyz", pages.readyz, name="readyz"),
]
