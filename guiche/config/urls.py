"""The addresses of the site, by area. Who enters which area: web/areas.py."""

from django.urls import include, path

handler400 = "guiche.web.public.errors.bad_request"
handler403 = "guiche.web.public.errors.permission_denied"
handler404 = "guiche.web.public.errors.not_found"
handler500 = "guiche.web.public.errors.server_error"

urlpatterns = [
    path("", include("guiche.web.public.urls")),
    path("", include("guiche.web.library_urls")),
    path("", include("guiche.web.profile.urls")),
    path("mesa/", include("guiche.web.desk.urls")),
    path("administracao/", include("guiche.web.manage.urls")),
    path("", include("guiche.web.portal.urls")),
]
