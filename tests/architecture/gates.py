"""Every address of the site, and what each of the cast is answered there.

One line an address: its route; what stands in it, by the names of world.py ("-": nothing); the status of a GET as each
of the cast, and of a POST without data as Carla, who is of another company. `in`: sent to the sign-in.

All objects are Acme's. Whoever adds an address adds its line; a test fails without it. What is answered now is printed
by `python -m pytest tests/architecture/test_gates.py -k as_the_table_says`; what should be answered, you decide.
"""

from __future__ import annotations

from dataclasses import dataclass

CAST = ("anonymous", "bruno", "beatriz", "caio", "carla", "ana", "davi", "elisa", "olga")

TABLE = """
#                                                      anon brun beat caio carl ana  davi elis olga POST
# public
public:signin                 -                        200  302  302  302  302  302  302  302  302  302
public:signout                -                        405  405  405  405  405  405  405  405  405  302
public:first-access           -                        200  200  200  200  200  200  200  200  200  422
public:first-password         invitation               200  200  200  200  200  200  200  200  200  422
public:new-password           -                        200  200  200  200  200  200  200  200  200  422
public:choose-password        renewal                  200  200  200  200  200  200  200  200  200  422
public:register               -                        200  200  200  200  200  200  200  200  200  422
public:confirm                confirmation             200  200  200  200  200  200  200  200  200  422
public:set-up                 nobodys_token            404  404  404  404  404  404  404  404  404  404
public:accessibility          -                        200  200  200  200  200  200  200  200  200  405
public:privacy                -                        200  200  200  200  200  200  200  200  200  405
public:logo                   -                        404  404  404  404  404  404  404  404  404  405
public:livez                  -                        200  200  200  200  200  200  200  200  200  405
public:readyz                 -                        200  200  200  200  200  200  200  200  200  405

# the accounts library
account_login                 -                        200  302  302  302  302  302  302  302  302  302
mfa_authenticate              -                        302  302  302  302  302  302  302  302  302  302
mfa_login_webauthn            -                        302  302  302  302  302  302  302  302  302  302
mfa_index                     -                        in   200  200  200  200  200  200  200  200  405
mfa_list_webauthn             -                        in   200  200  200  200  200  200  200  200  405
account_reauthenticate        -                        in   200  200  200  200  200  200  200  200  422
mfa_reauthenticate            -                        in   200  302  302  302  302  302  302  302  302
mfa_reauthenticate_webauthn   -                        in   200  302  302  302  302  302  302  302  302
mfa_activate_totp             -                        in   200  200  200  200  200  200  200  200  422
mfa_deactivate_totp           -                        in   404  404  404  404  404  404  404  404  404
mfa_add_webauthn              -                        in   200  200  200  200  200  200  200  200  422
mfa_remove_webauthn           passkey                  in   200  404  404  404  404  404  404  404  404
mfa_view_recovery_codes       -                        in   200  404  404  404  404  404  404  404  405
mfa_generate_recovery_codes   -                        in   200  200  200  200  200  200  200  200  422

# profile
profile:upload                -                        in   405  405  405  405  405  405  405  405  422
profile:attachment            attachment               in   200  200  404  404  200  404  404  404  405
profile:thumbnail             attachment               in   200  200  404  404  200  404  404  404  405
profile:unsent-file           unsent                   in   200  404  404  404  404  404  404  404  404
profile:ticket-files          ticket                   in   200  200  404  404  200  404  404  404  405
profile:notifications         -                        in   200  200  200  200  200  200  200  200  405
profile:bell                  -                        in   302  302  302  302  302  302  302  302  405
profile:bell-count            -                        in   200  200  200  200  200  200  200  200  405
profile:notifications-read    -                        in   405  405  405  405  405  405  405  405  302
profile:notification          bell                     in   302  404  404  404  404  404  404  404  405
profile:notification-settings -                        in   200  200  200  200  200  200  200  200  302
profile:stream                -                        in   204  204  204  204  204  204  204  204  405
profile:home                  -                        in   200  200  200  200  200  200  200  200  422
profile:photo                 -                        in   200  200  200  200  200  200  200  200  422
profile:password              -                        in   200  200  200  200  200  200  200  200  422
profile:security              -                        in   200  200  200  200  200  200  200  200  405
profile:sessions              -                        in   200  200  200  200  200  200  200  200  302
profile:appearance            -                        in   200  200  200  200  200  200  200  200  302
profile:portrait              bruno                    in   200  200  200  404  200  200  200  200  405

# desk
desk:home                     -                        in   403  403  403  403  302  403  403  403  403
desk:queues                   -                        in   403  403  403  403  200  403  403  403  403
desk:shortcuts                -                        in   403  403  403  403  200  403  403  403  403
desk:queue                    queue                    in   403  403  403  403  200  403  403  403  403
desk:ticket-in-queue          queue,ticket             in   403  403  403  403  200  403  403  403  403
desk:search                   -                        in   403  403  403  403  200  403  403  403  403
desk:tickets                  -                        in   403  403  403  403  200  403  403  403  403
desk:new                      -                        in   403  403  403  403  200  403  403  403  403
desk:opening-fields           -                        in   403  403  403  403  405  403  403  403  403
desk:opening-promise          -                        in   403  403  403  403  200  403  403  403  403
desk:opening-draft            -                        in   403  403  403  403  405  403  403  403  403
desk:similar                  -                        in   403  403  403  403  200  403  403  403  403
desk:opening-products         -                        in   403  403  403  403  200  403  403  403  403
desk:opening-failures         -                        in   403  403  403  403  200  403  403  403  403
desk:opening-people           -                        in   403  403  403  403  200  403  403  403  403
desk:ticket                   ticket                   in   403  403  403  403  200  403  403  403  403
desk:ticket-middle            ticket                   in   403  403  403  403  200  403  403  403  403
desk:ticket-news              ticket                   in   403  403  403  403  200  403  403  403  403
desk:ticket-clocks            ticket                   in   403  403  403  403  200  403  403  403  403
desk:ticket-renewed           ticket                   in   403  403  403  403  200  403  403  403  403
desk:ticket-read              ticket                   in   403  403  403  403  405  403  403  403  403
desk:ticket-draft             ticket                   in   403  403  403  403  405  403  403  403  403
desk:reply                    ticket                   in   403  403  403  403  405  403  403  403  403
desk:comment-edit             ticket,comment_of_ana    in   403  403  403  403  200  403  403  403  403
desk:comment-redact           ticket,comment_of_ana    in   403  403  403  403  200  403  403  403  403
desk:comment-versions         ticket,comment_of_ana    in   403  403  403  403  200  403  403  403  403
desk:ticket-move              ticket,cancel_step       in   403  403  403  403  200  403  403  403  403
desk:ticket-take              ticket                   in   403  403  403  403  405  403  403  403  403
desk:ticket-assign            ticket                   in   403  403  403  403  200  403  403  403  403
desk:ticket-transfer          ticket                   in   403  403  403  403  200  403  403  403  403
desk:ticket-severity          ticket                   in   403  403  403  403  200  403  403  403  403
desk:ticket-classify          ticket                   in   403  403  403  403  200  403  403  403  403
desk:ticket-answers           ticket                   in   403  403  403  403  200  403  403  403  403
desk:ticket-organization      ticket                   in   403  403  403  403  200  403  403  403  403
desk:ticket-contact           ticket                   in   403  403  403  403  200  403  403  403  403
desk:ticket-share             ticket                   in   403  403  403  403  200  403  403  403  403
desk:ticket-unshare           ticket                   in   403  403  403  403  405  403  403  403  403
desk:ticket-deadline          ticket                   in   403  403  403  403  200  403  403  403  403
desk:ticket-deadline-csv      ticket                   in   403  403  403  403  200  403  403  403  403
desk:member-options           -                        in   403  403  403  403  200  403  403  403  403
desk:organization-options     -                        in   403  403  403  403  200  403  403  403  403
desk:team-options             -                        in   403  403  403  403  200  403  403  403  403
desk:module-options           -                        in   403  403  403  403  200  403  403  403  403
desk:service-options          -                        in   403  403  403  403  200  403  403  403  403
desk:customers                -                        in   403  403  403  403  200  403  403  403  403
desk:customer                 acme                     in   403  403  403  403  200  403  403  403  403
desk:customer-deadlines       acme                     in   403  403  403  403  200  403  403  403  403
desk:customer-deadlines-table acme                     in   403  403  403  403  200  403  403  403  403
desk:person                   caio                     in   403  403  403  403  200  403  403  403  403

# portal
portal:home                   -                        in   200  200  200  200  302  302  302  302  405
portal:search                 -                        in   200  200  200  200  403  403  403  403  405
portal:validate               -                        in   200  200  200  200  403  403  403  403  405
portal:tickets                -                        in   200  200  200  200  403  403  403  403  405
portal:deadlines              -                        in   200  200  200  200  403  403  403  403  405
portal:deadlines-table        -                        in   200  200  200  200  403  403  403  403  405
portal:new                    -                        in   200  200  200  200  403  403  403  403  405
portal:opening-products       -                        in   200  200  200  200  403  403  403  403  405
portal:opening-modules        -                        in   200  200  200  200  403  403  403  403  405
portal:opening-services       -                        in   200  200  200  200  403  403  403  403  405
portal:opening-failures       -                        in   200  200  200  200  403  403  403  403  405
portal:opening-people         -                        in   404  200  404  200  403  403  403  403  405
portal:similar                -                        in   200  200  200  200  403  403  403  403  405
portal:opening                type                     in   200  200  200  200  403  403  403  403  422
portal:opening-fields         type                     in   405  405  405  405  403  403  403  403  200
portal:opening-draft          type                     in   405  405  405  405  403  403  403  403  200
portal:opening-promise        -                        in   302  302  302  302  403  403  403  403  405
portal:opened                 ticket                   in   200  404  404  404  403  403  403  403  405
portal:people                 -                        in   403  200  403  200  403  403  403  403  405
portal:person-new             -                        in   403  200  403  200  403  403  403  403  422
portal:people-import          -                        in   403  200  403  200  403  403  403  403  422
portal:people-import-template -                        in   403  200  403  200  403  403  403  403  405
portal:people-export          -                        in   403  200  403  200  403  403  403  403  405
portal:people-import-preview  list                     in   403  200  403  404  403  403  403  403  404
portal:people-import-refused  list                     in   403  200  403  404  403  403  403  403  405
portal:people-requests        -                        in   403  200  403  200  403  403  403  403  405
portal:person                 place_of_caio            in   403  200  403  404  403  403  403  403  404
portal:person-email           place_of_caio            in   403  302  403  302  403  403  403  403  404
portal:person-access          place_of_caio            in   405  405  405  405  403  403  403  403  404
portal:person-invitation      place_of_caio            in   405  405  405  405  403  403  403  403  404
portal:people-domains         -                        in   403  200  403  200  403  403  403  403  405
portal:organizations          -                        in   302  302  302  302  403  403  403  403  403
portal:ticket                 ticket                   in   200  200  404  404  403  403  403  403  405
portal:ticket-news            ticket                   in   200  200  404  404  403  403  403  403  405
portal:ticket-clocks          ticket                   in   200  200  404  404  403  403  403  403  405
portal:comment                ticket                   in   405  405  405  405  403  403  403  403  404
portal:comment-draft          ticket                   in   405  405  405  405  403  403  403  403  404
portal:comment-edit           ticket,comment_of_bruno  in   200  404  404  404  403  403  403  403  404
portal:ticket-move            judged,reject            in   200  200  404  404  403  403  403  403  404
portal:still-need             judged                   in   200  200  404  404  403  403  403  403  404
portal:contact                ticket                   in   200  200  404  404  403  403  403  403  404
portal:share                  ticket                   in   200  200  404  404  403  403  403  403  404
portal:stop-sharing           ticket                   in   405  405  405  405  403  403  403  403  404
portal:follow                 ticket                   in   405  405  405  405  403  403  403  403  404
portal:ticket-deadline        ticket                   in   200  200  404  404  403  403  403  403  405
portal:ticket-deadline-csv    ticket                   in   200  200  404  404  403  403  403  403  405
portal:print                  ticket                   in   200  200  404  404  403  403  403  403  405
portal:print-pdf              ticket                   in   200  200  404  404  403  403  403  403  405

# administration
manage:home                    -                       in   403  403  403  403  403  403  200  403  403
manage:people                  -                       in   403  403  403  403  403  403  200  403  403
manage:person-options          -                       in   403  403  403  403  403  403  200  403  403
manage:person-new              -                       in   403  403  403  403  403  403  200  403  403
manage:person                  bruno                   in   403  403  403  403  403  403  200  403  403
manage:person-edit             bruno                   in   403  403  403  403  403  403  200  403  403
manage:person-roles            bruno                   in   403  403  403  403  403  403  200  403  403
manage:person-email            bruno                   in   403  403  403  403  403  403  200  403  403
manage:person-deactivate       bruno                   in   403  403  403  403  403  403  200  403  403
manage:person-reactivate       bruno                   in   403  403  403  403  403  403  405  403  403
manage:person-invite           bruno                   in   403  403  403  403  403  403  405  403  403
manage:person-sessions         bruno                   in   403  403  403  403  403  403  405  403  403
manage:person-merge            bruno                   in   403  403  403  403  403  403  200  403  403
manage:teams                   -                       in   403  403  403  403  403  403  200  403  403
manage:team-new                -                       in   403  403  403  403  403  403  200  403  403
manage:team                    queue                   in   403  403  403  403  403  403  200  403  403
manage:organizations           -                       in   403  403  403  403  403  403  200  403  403
manage:organization-options    -                       in   403  403  403  403  403  403  200  403  403
manage:organization-new        -                       in   403  403  403  403  403  403  200  403  403
manage:organization            acme                    in   403  403  403  403  403  403  200  403  403
manage:organization-edit       acme                    in   403  403  403  403  403  403  200  403  403
manage:organization-deactivate acme                    in   403  403  403  403  403  403  405  403  403
manage:organization-reactivate acme                    in   403  403  403  403  403  403  405  403  403
manage:site-new                acme                    in   403  403  403  403  403  403  200  403  403
manage:site                    acme,site               in   403  403  403  403  403  403  200  403  403
manage:domain-new              acme                    in   403  403  403  403  403  403  200  403  403
manage:domain-verify           acme,domain             in   403  403  403  403  403  403  405  403  403
manage:domain-remove           acme,domain             in   403  403  403  403  403  403  405  403  403
manage:organization-products   acme                    in   403  403  403  403  403  403  200  403  403
manage:contract-new            acme                    in   403  403  403  403  403  403  200  403  403
manage:contract                acme,contract           in   403  403  403  403  403  403  200  403  403
manage:contract-end            acme,contract           in   403  403  403  403  403  403  405  403  403
manage:contract-reopen         acme,contract           in   403  403  403  403  403  403  405  403  403
manage:organization-invite     acme                    in   403  403  403  403  403  403  200  403  403
manage:membership              acme,place_of_caio      in   403  403  403  403  403  403  200  403  403
manage:membership-deactivate   acme,place_of_caio      in   403  403  403  403  403  403  405  403  403
manage:membership-reactivate   acme,place_of_caio      in   403  403  403  403  403  403  405  403  403
manage:groups                  -                       in   403  403  403  403  403  403  200  403  403
manage:group                   group                   in   403  403  403  403  403  403  200  403  403
manage:join-requests           -                       in   403  403  403  403  403  403  200  403  403
manage:join-request-approve    join_request            in   403  403  403  403  403  403  200  403  403
manage:join-request-refuse     join_request            in   403  403  403  403  403  403  200  403  403
manage:products                -                       in   403  403  403  403  403  403  200  403  403
manage:product-new             -                       in   403  403  403  403  403  403  200  403  403
manage:service-table           -                       in   403  403  403  403  403  403  200  403  403
manage:service-table-check     -                       in   403  403  403  403  403  403  302  403  403
manage:product                 product                 in   403  403  403  403  403  403  200  403  403
manage:product-edit            product                 in   403  403  403  403  403  403  200  403  403
manage:product-move            product                 in   403  403  403  403  403  403  405  403  403
manage:product-remove          product                 in   403  403  403  403  403  403  405  403  403
manage:module-new              product                 in   403  403  403  403  403  403  200  403  403
manage:module                  product,module          in   403  403  403  403  403  403  200  403  403
manage:service-new             product,module          in   403  403  403  403  403  403  200  403  403
manage:service                 product,service         in   403  403  403  403  403  403  200  403  403
manage:impact-new              product,service         in   403  403  403  403  403  403  200  403  403
manage:impact                  product,impact          in   403  403  403  403  403  403  200  403  403
manage:failure-new             product                 in   403  403  403  403  403  403  200  403  403
manage:failure                 product,failure         in   403  403  403  403  403  403  200  403  403
manage:product-row-remove      product,modules,module  in   403  403  403  403  403  403  405  403  403
manage:severities              -                       in   403  403  403  403  403  403  200  403  403
manage:matrix                  -                       in   403  403  403  403  403  403  405  403  403
manage:severity                level                   in   403  403  403  403  403  403  200  403  403
manage:deadlines              -                       in   403  403  403  403  403  403  200  403  403
manage:policy-new             -                       in   403  403  403  403  403  403  200  403  403
manage:which-agreement        -                       in   403  403  403  403  403  403  200  403  403
manage:assignment-options     search                  in   403  403  403  403  403  403  200  403  403
manage:assignment-new         level_of_assignment     in   403  403  403  403  403  403  200  403  403
manage:assignment             assignment              in   403  403  403  403  403  403  200  403  403
manage:assignment-clear       assignment              in   403  403  403  403  403  403  200  403  403
manage:retargeting            retargeting             in   403  403  403  403  403  403  200  403  403
manage:retargeting-cancel     retargeting             in   403  403  403  403  403  403  405  403  403
manage:policy                 policy                  in   403  403  403  403  403  403  200  403  403
manage:policy-rename          policy                  in   403  403  403  403  403  403  200  403  403
manage:policy-archive         policy                  in   403  403  403  403  403  403  405  403  403
manage:policy-reactivate       policy                  in   403  403  403  403  403  403  405  403  403
manage:policy-draft           policy                  in   403  403  403  403  403  403  405  403  403
manage:policy-draft-save      policy                  in   403  403  403  403  403  403  302  403  403
manage:policy-draft-discard   policy                  in   403  403  403  403  403  403  405  403  403
manage:policy-publish         policy                  in   403  403  403  403  403  403  200  403  403
manage:policy-version         policy,policy_version   in   403  403  403  403  403  403  200  403  403
manage:policy-simulate        policy,policy_version   in   403  403  403  403  403  403  200  403  403
manage:policy-withdraw        policy,policy_version   in   403  403  403  403  403  403  405  403  403
manage:escalations            -                        in   403  403  403  403  403  403  200  403  403
manage:escalation-new         -                        in   403  403  403  403  403  403  200  403  403
manage:escalation             escalation               in   403  403  403  403  403  403  200  403  403
manage:escalation-switch-off  escalation               in   403  403  403  403  403  403  405  403  403
manage:escalation-switch-on   escalation               in   403  403  403  403  403  403  405  403  403
manage:calendars               -                       in   403  403  403  403  403  403  200  403  403
manage:calendar-new            -                       in   403  403  403  403  403  403  200  403  403
manage:calendar                calendar                in   403  403  403  403  403  403  200  403  403
manage:calendar-rename         calendar                in   403  403  403  403  403  403  200  403  403
manage:calendar-default        calendar                in   403  403  403  403  403  403  405  403  403
manage:calendar-archive        calendar                in   403  403  403  403  403  403  405  403  403
manage:calendar-bring-back     calendar                in   403  403  403  403  403  403  405  403  403
manage:calendar-publish        calendar                in   403  403  403  403  403  403  200  403  403
manage:calendar-discard        calendar                in   403  403  403  403  403  403  405  403  403
manage:calendar-version        calendar,calendar_version in   403  403  403  403  403  403  200  403  403
manage:calendar-withdraw       calendar,calendar_version in   403  403  403  403  403  403  405  403  403
manage:calendar-hours          calendar                in   403  403  403  403  403  403  200  403  403
manage:calendar-holidays       calendar                in   403  403  403  403  403  403  200  403  403
manage:calendar-day-new        calendar                in   403  403  403  403  403  403  200  403  403
manage:calendar-day            calendar,own_day        in   403  403  403  403  403  403  200  403  403
manage:calendar-day-remove     calendar,own_day        in   403  403  403  403  403  403  405  403  403
manage:calendar-worked-new     calendar                in   403  403  403  403  403  403  200  403  403
manage:calendar-worked         calendar,worked_day     in   403  403  403  403  403  403  200  403  403
manage:calendar-worked-remove  calendar,worked_day     in   403  403  403  403  403  403  405  403  403
manage:calendar-import         calendar                in   403  403  403  403  403  403  200  403  403
manage:request-types           -                       in   403  403  403  403  403  403  200  403  403
manage:request-type-new        -                       in   403  403  403  403  403  403  200  403  403
manage:request-type            type                    in   403  403  403  403  403  403  200  403  403
manage:request-type-settings   type                    in   403  403  403  403  403  403  200  403  403
manage:request-type-severity   type                    in   403  403  403  403  403  403  200  403  403
manage:request-type-after      type                    in   403  403  403  403  403  403  200  403  403
manage:request-type-move       type                    in   403  403  403  403  403  403  405  403  403
manage:form-publish            type                    in   403  403  403  403  403  403  405  403  403
manage:form-discard            type                    in   403  403  403  403  403  403  405  403  403
manage:form-bring-along        type                    in   403  403  403  403  403  403  405  403  403
manage:form-versions           type                    in   403  403  403  403  403  403  200  403  403
manage:form-field-add          type                    in   403  403  403  403  403  403  200  403  403
manage:form-field              type,form_field         in   403  403  403  403  403  403  200  403  403
manage:form-field-move         type,form_field         in   403  403  403  403  403  403  405  403  403
manage:form-field-remove       type,form_field         in   403  403  403  403  403  403  405  403  403
manage:workflows               -                       in   403  403  403  403  403  403  200  403  403
manage:workflow-new            -                       in   403  403  403  403  403  403  200  403  403
manage:workflow                workflow                in   403  403  403  403  403  403  200  403  403
manage:workflow-rename         workflow                in   403  403  403  403  403  403  200  403  403
manage:workflow-publish        workflow                in   403  403  403  403  403  403  405  403  403
manage:workflow-discard        workflow                in   403  403  403  403  403  403  405  403  403
manage:status                  workflow,status         in   403  403  403  403  403  403  302  403  403
manage:status-move             workflow,status         in   403  403  403  403  403  403  405  403  403
manage:status-remove           workflow,status         in   403  403  403  403  403  403  405  403  403
manage:step                    workflow,step           in   403  403  403  403  403  403  302  403  403
manage:step-remove             workflow,step           in   403  403  403  403  403  403  405  403  403
manage:brand                   -                       in   403  403  403  403  403  403  200  403  403
manage:letters                 -                       in   403  403  403  403  403  403  200  403  403
manage:letter-sender           -                       in   403  403  403  403  403  403  200  403  403
manage:letter                  shape,language          in   403  403  403  403  403  403  200  403  403
manage:letter-preview          shape,language          in   403  403  403  403  403  403  405  403  403
manage:letter-sheet            shape,language          in   403  403  403  403  403  403  404  403  403
manage:letter-test             shape,language          in   403  403  403  403  403  403  405  403  403
manage:letter-original         shape,language          in   403  403  403  403  403  403  405  403  403
manage:letter-reuse            shape,language          in   403  403  403  403  403  403  405  403  403
manage:mail                    -                       in   403  403  403  403  403  403  200  403  403
manage:mail-release            -                       in   403  403  403  403  403  403  405  403  403
manage:mail-resend             letter                  in   403  403  403  403  403  403  405  403  403
manage:demonstration-mail      -                       in   403  403  403  403  403  403  404  403  403
manage:demonstration-letter    letter_file             in   403  403  403  403  403  403  404  403  403
manage:trail                   -                       in   403  403  403  403  403  403  200  403  403
manage:trail-check             -                       in   403  403  403  403  403  403  200  403  403
manage:trail-export            -                       in   403  403  403  403  403  403  200  403  403
"""

# To htmx the same is answered, but for being sent to the sign-in (401), and:
TO_HTMX = {"profile:bell": {"302": "200"}}


@dataclass(frozen=True)
class Gate:
    """One line of the table."""

    route: str
    names: tuple[str, ...]
    answers: tuple[str, ...]
    posted: str

    def expected(self, who: str, *, is_htmx: bool = False) -> str:
        said = self.answers[CAST.index(who)]
        if not is_htmx:
            return said
        return "401" if said == "in" else TO_HTMX.get(self.route, {}).get(said, said)


def _read(line: str) -> Gate:
    route, names, *answers, posted = line.split()
    assert len(answers) == len(CAST), line
    return Gate(route, () if names == "-" else tuple(names.split(",")), tuple(answers), posted)


GATES = [_read(line) for line in TABLE.splitlines() if line and not line.startswith("#")]
