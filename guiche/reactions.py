"""What follows each event, on one page. A reaction runs in the action's transaction: slow work is a job."""

from collections.abc import Mapping, Sequence

from guiche.accounts import events as people
from guiche.accounts import reactions as accounts
from guiche.core.events import Event, Reaction
from guiche.organizations import events as customers
from guiche.organizations import reactions as organizations

REACTIONS: Mapping[type[Event], Sequence[Reaction]] = {
    people.AccessAsked: [accounts.answer_access_request_later],
    people.PersonInvited: [accounts.send_invitation],
    people.EmailChanged: [accounts.tell_email_changed],
    people.PasswordChanged: [accounts.tell_password_changed],
    people.SignedInOnNewDevice: [accounts.tell_new_device],
    people.SecondFactorChanged: [accounts.tell_second_factor_changed],
    people.RolesChanged: [accounts.tell_administrators],
    people.PeopleMerged: [organizations.move_memberships],
    customers.MembershipCreated: [organizations.tell_added],
    customers.JoinedByDomain: [organizations.tell_somebody_joined],
    customers.JoinRequestDecided: [organizations.tell_request_refused],
}
