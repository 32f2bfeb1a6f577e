"""The form of a request type, built from its rows: shared by every area in which a ticket is opened.

A page uses it so::

    sheet = sheets.find(user, organization, slug)              # None: not offered, answer 404
    form = OpeningForm(sheet, by=user, organization=organization, data=request.POST, gathered=uploads.gathered(…))
    if form.is_valid():
        ticket = opening.open_ticket(form.asked(), by=user, at=now, once_key=key)

Without `data` the form is shown empty, or with what was `typed` before (a draft, or a choice that changed what is
asked) and no errors. Staff pass `for_staff=True` and the `requester` they found, a `User` without row (and perhaps no
organisation) while nobody is found, and say the channel to `asked()`; who is new to us: `open_for_newcomer`.
Templates draw it with the macros of `parts/opening.html`, which are told the addresses to ask by `Addresses`.
Every id of a form is resolved inside the organisation and the person's own files; what hides is dropped.
"""
