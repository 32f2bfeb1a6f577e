"""Which e-mail domains can say where somebody works: not those of public mail providers, nor whole suffixes. Pure."""

import re

_NAME = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{1,61}", re.ASCII)

PUBLIC_PROVIDERS = frozenset(
    """
    gmail.com googlemail.com outlook.com outlook.com.br hotmail.com hotmail.com.br live.com msn.com windowslive.com
    passport.com yahoo.com yahoo.com.br ymail.com rocketmail.com myyahoo.com icloud.com me.com mac.com aol.com
    aim.com proton.me protonmail.com protonmail.ch pm.me tutanota.com tuta.com tuta.io tutamail.com mail.com gmx.com
    gmx.net gmx.de web.de t-online.de zoho.com zohomail.com yandex.com yandex.ru mail.ru inbox.com fastmail.com
    fastmail.fm hey.com duck.com mozmail.com qq.com 163.com 126.com naver.com daum.net orange.fr free.fr laposte.net
    libero.it virgilio.it sapo.pt comcast.net verizon.net att.net uol.com.br bol.com.br terra.com.br ig.com.br
    globo.com globomail.com r7.com zipmail.com.br oi.com.br pop.com.br superig.com.br ibest.com.br brturbo.com.br
    click21.com.br folha.com.br itelefonica.com.br veloxmail.com.br netsite.com.br onda.com.br sercomtel.com.br
    vivax.com.br ajato.com.br uai.com.br predialnet.com.br mailinator.com guerrillamail.com 10minutemail.com
    temp-mail.org yopmail.com trashmail.com sharklasers.com
    """.split()  # noqa: SIM905  # a list of words reads better so
)
# Under these anybody registers a name: the suffix itself belongs to nobody.
SUFFIXES = frozenset(
    """
    com.br net.br org.br gov.br edu.br mil.br jus.br leg.br mp.br art.br adv.br eng.br ind.br inf.br med.br odo.br
    psi.br srv.br tur.br tv.br vet.br wiki.br blog.br eco.br emp.br esp.br etc.br far.br fm.br fot.br fst.br imb.br
    ltda.br coop.br am.br app.br dev.br log.br rec.br tec.br tmp.br com.pt org.pt edu.pt gov.pt com.ar com.mx com.co
    co.uk org.uk ac.uk gov.uk
    """.split()  # noqa: SIM905  # a list of words reads better so
)


def clean(name: str) -> str | None:
    """Return a domain as it is kept ("Acme.com.br." and "@acme.com.br" are "acme.com.br"); None for what is not one."""
    name = name.strip().lower().removeprefix("@").rstrip(".")
    try:
        name = name.encode("idna").decode("ascii") if name else ""
    except UnicodeError:
        return None
    return name if len(name) <= 120 and _NAME.fullmatch(name) else None


def of(address: str) -> str:
    """Return the domain of an e-mail address, as it is kept; "" when there is none."""
    return clean(address.rpartition("@")[2]) or ""


def is_public(name: str) -> bool:
    """Whether anybody may have an address there, so that it says nothing about where they work."""
    parts = name.split(".")
    return name in SUFFIXES or any(".".join(parts[start:]) in PUBLIC_PROVIDERS for start in range(len(parts)))
