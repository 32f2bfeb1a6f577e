"""Addresses of the area `profile`: what is everybody's who signed in."""

from django.urls import include, path

from guiche.web.profile import person, second_factor

app_name = "profile"
urlpatterns = [
    path("", include("guiche.web.profile.files_urls")),
    path("", include("guiche.web.profile.notices_urls")),
    path("perfil/", person.home, name="home"),
    path("perfil/foto/", person.photo, name="photo"),
    path("perfil/senha/", person.password, name="password"),
    path("perfil/seguranca/", second_factor.security, name="security"),
    path("perfil/sessoes/", person.session_list, name="sessions"),
    path("perfil/aparencia/", person.appearance, name="appearance"),
    path("pessoas/<int:person_id>/foto/", person.portrait, name="portrait"),
]
