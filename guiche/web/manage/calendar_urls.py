"""Addresses of calendars in administration."""

from django.urls import path

from guiche.web.manage import calendar_editing, calendar_pages, calendar_publishing, calendars

CALENDARS = [
    path("calendarios/", calendars.calendars, name="calendars"),
    path("calendarios/novo/", calendars.new, name="calendar-new"),
    path("calendarios/<int:pk>/", calendar_pages.calendar, name="calendar"),
    path("calendarios/<int:pk>/renomear/", calendars.rename, name="calendar-rename"),
    path("calendarios/<int:pk>/padrao/", calendars.make_default, name="calendar-default"),
    path("calendarios/<int:pk>/arquivar/", calendars.archive, name="calendar-archive"),
    path("calendarios/<int:pk>/trazer/", calendars.restore, name="calendar-bring-back"),
    path("calendarios/<int:pk>/publicar/", calendar_publishing.publish, name="calendar-publish"),
    path("calendarios/<int:pk>/descartar/", calendars.discard, name="calendar-discard"),
    path("calendarios/<int:pk>/versoes/<int:number>/", calendar_pages.version, name="calendar-version"),
    path("calendarios/<int:pk>/versoes/<int:number>/retirar/", calendars.withdraw, name="calendar-withdraw"),
    path("calendarios/<int:pk>/horario/", calendar_editing.hours, name="calendar-hours"),
    path("calendarios/<int:pk>/feriados/", calendar_editing.choose_holidays, name="calendar-holidays"),
    path("calendarios/<int:pk>/datas/nova/", calendar_editing.own_day_new, name="calendar-day-new"),
    path("calendarios/<int:pk>/datas/<slug:day>/", calendar_editing.own_day, name="calendar-day"),
    path("calendarios/<int:pk>/datas/<slug:day>/tirar/", calendar_editing.own_day_remove, name="calendar-day-remove"),
    path("calendarios/<int:pk>/trabalhados/novo/", calendar_editing.worked_day_new, name="calendar-worked-new"),
    path("calendarios/<int:pk>/trabalhados/<slug:day>/", calendar_editing.worked_day, name="calendar-worked"),
    path(
        "calendarios/<int:pk>/trabalhados/<slug:day>/tirar/",
        calendar_editing.worked_day_remove,
        name="calendar-worked-remove",
    ),
    path("calendarios/<int:pk>/importar/", calendar_editing.bring_in, name="calendar-import"),
]
