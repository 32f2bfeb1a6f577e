"""What follows each event, on one page. A reaction runs in the action's transaction: slow work is a job."""

from collections.abc import Mapping, Sequence

from guiche.accounts import events as people
from guiche.accounts import reactions as accounts
from guiche.audit import reactions as audit
from guiche.calendars import events as calendars
from guiche.core.events import Event, Reaction
from guiche.installation import events as installation
from guiche.notifications import reactions as notifications
from guiche.organizations import events as customers
from guiche.organizations import reactions as organizations
from guiche.sla import events as deadlines
from guiche.sla import reactions as sla
from guiche.tickets import events as tickets
from guiche.tickets import reactions as succession

REACTIONS: Mapping[type[Event], Sequence[Reaction]] = {
    installation.InstallationChanged: [audit.note_installation],
    calendars.CalendarCreated: [audit.note_calendar],
    calendars.CalendarRenamed: [audit.note_calendar],
    calendars.CalendarPublished: [audit.note_calendar, sla.retarget_for_calendar],
    calendars.CalendarWithdrawn: [audit.note_calendar, sla.retarget_for_calendar],
    calendars.CalendarMadeDefault: [audit.note_calendar],
    calendars.CalendarArchived: [sla.keep_what_is_used, audit.note_calendar],
    calendars.CalendarRestored: [audit.note_calendar],
    people.AccessAsked: [accounts.answer_access_request_later],
    people.PersonInvited: [accounts.send_invitation],
    people.EmailChanged: [accounts.tell_email_changed],
    people.PasswordChanged: [accounts.tell_password_changed],
    people.SignedInOnNewDevice: [accounts.tell_new_device],
    people.SecondFactorChanged: [accounts.tell_second_factor_changed],
    people.RolesChanged: [accounts.tell_administrators],
    people.PeopleMerged: [organizations.move_memberships, succession.join_records],
    people.PersonDeactivated: [succession.hand_over],
    customers.MembershipCreated: [organizations.tell_added],
    customers.JoinedByDomain: [organizations.tell_somebody_joined],
    customers.JoinRequestDecided: [organizations.tell_request_refused],
    customers.PeopleImportConfirmed: [organizations.apply_import_later],
    deadlines.RetargetingAsked: [sla.retarget_later],
    deadlines.DeadlineWarned: [notifications.tell_later],
    deadlines.DeadlineBreached: [notifications.tell_later],
    deadlines.RemedyRefused: [notifications.tell_later],
    deadlines.EscalationCreated: [sla.mark_again_later],
    deadlines.EscalationChanged: [sla.mark_again_later],
    deadlines.EscalationSwitchedOff: [sla.mark_again_later],
    deadlines.EscalationSwitchedOn: [sla.mark_again_later],
    tickets.TicketOpened: [sla.start_clocks, notifications.tell_later],
    tickets.CommentAdded: [sla.note_words, notifications.tell_later],
    tickets.NoteAdded: [notifications.tell_later],
    tickets.DiagnosisRecorded: [sla.note_diagnosis, notifications.tell_later],
    tickets.TicketMoved: [sla.follow_status, notifications.tell_later],
    tickets.InformationAsked: [sla.follow_status, notifications.tell_later],
    tickets.SolutionOffered: [sla.follow_status, notifications.tell_later],
    tickets.SolutionRejected: [sla.follow_status, notifications.tell_later],
    tickets.TicketDone: [sla.follow_status, notifications.tell_later],
    tickets.TicketCancelled: [sla.follow_status, notifications.tell_later],
    tickets.TicketReopened: [sla.follow_status, notifications.tell_later],
    tickets.ClosingSoon: [sla.remind_again, notifications.tell_later],
    tickets.StillNeeded: [sla.count_again, notifications.tell_later],
    tickets.TeamChanged: [sla.follow_team],
    tickets.FieldsChanged: [sla.follow_fields],
    tickets.TicketAssigned: [notifications.tell_later],
    tickets.ParticipantAdded: [notifications.tell_later],
}
