"""What the desk asks for about accounts and meetings."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import PasswordField, RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Optional

from app.calls import check_address
from app.forms import Form, at_most, offered, one_line
from app.meetings import teams, zoom
from app.meetings.accounts import MAY_MISS, SECRETS, PlatformAccount, unnamed
from app.meetings.bigbluebutton import ALGORITHMS
from app.meetings.jobs import anywhere
from app.meetings.platform import Provider

_HERE = _l("Say which.")


def _secret(label: str, help: str = "") -> PasswordField:
    return PasswordField(label, [Optional(), at_most(500), one_line], description=help)


class AccountForm(Form):
    """What every account has. Secrets are never sent back to the page."""

    provider: Provider
    name = StringField(
        _l("Name"),
        [InputRequired(_l("How do you call it?")), at_most(80), one_line],
        description=_l("As your colleagues know it, such as “Zoom of the office”."),
    )
    society = SelectField(_l("Society"), [InputRequired(_HERE)])
    address = StringField(_l("Address"), [InputRequired(_HERE), at_most(300), one_line])

    @property
    def facts(self) -> dict[str, str]:
        names = ("name", "address", "sign_in_address", "host", "flavour")
        return {name: (self[name].data or "").strip() for name in names if name in self}

    @property
    def secrets(self) -> dict[str, str]:
        return {name: (self[name].data or "").strip() for name in SECRETS[self.provider]}

    def require_secrets(self) -> None:
        """Whoever enters a new account enters its secrets too."""
        for name in SECRETS[self.provider]:
            if name not in MAY_MISS:
                self[name].validators = [InputRequired(_HERE), at_most(500), one_line]
                self[name].flags.required = True

    def names_what_it_needs(self, account: PlatformAccount) -> bool:
        """Whether every secret is there that this change of the account asks for anew."""
        missing = unnamed(self.provider, self.secrets) if account.needs_anew(self.facts) else []
        told = (
            _("The address has changed: enter this anew.")
            if account.opens
            else _("What was entered cannot be read any longer: enter this anew.")
        )
        for name in missing:
            self[name].errors = [*self[name].errors, told]
        return not missing

    def leads_somewhere(self) -> bool:
        """Whether the addresses may be called; the name of the server is asked for."""
        good = True
        for name in ("address", "sign_in_address"):
            fault = (
                check_address(self[name].data or "", anywhere=anywhere()) if name in self else ""
            )
            if fault:
                self[name].errors = [*self[name].errors, fault]
                good = False
        return good


class BigBlueButtonForm(AccountForm):
    """A server of BigBlueButton."""

    provider = Provider.BIGBLUEBUTTON
    address = StringField(
        _l("Address of the API"),
        [InputRequired(_HERE), at_most(300), one_line],
        description=_l(
            "As “bbb-conf --secret” prints it, with api at the end: "
            "https://bbb.example.org/bigbluebutton/api"
        ),
    )
    secret = _secret(_l("Shared secret"))
    flavour = SelectField(
        _l("Checksums"), choices=[(name, name.upper()) for name in ALGORITHMS],
        description=_l("SHA256 unless your server wants another."),
    )  # fmt: skip


class ZoomForm(AccountForm):
    """A server-to-server app of Zoom."""

    provider = Provider.ZOOM
    host = StringField(
        _l("Held by"),
        [InputRequired(_HERE), at_most(200), one_line],
        description=_l("The address of the licensed Zoom user who holds the meetings."),
    )
    flavour = RadioField(
        _l("Hold them as"),
        choices=[
            ("meetings", _l("meetings")),
            ("webinars", _l("Zoom webinars (own licence)")),
        ],
        default="meetings",
    )
    account_id = _secret(_l("Account ID"))
    client_id = _secret(_l("Client ID"))
    client_secret = _secret(_l("Client secret"))
    webhook_secret = _secret(
        _l("Secret token of the webhooks"),
        _l("From the app's “Feature” page; callbacks are refused without it."),
    )
    address = StringField(
        _l("Address of the API"), [InputRequired(_HERE), at_most(300), one_line], default=zoom.API
    )
    sign_in_address = StringField(
        _l("Address of the sign-in"), [InputRequired(_HERE), at_most(300), one_line],
        default=zoom.SIGN_IN,
    )  # fmt: skip


class TeamsForm(AccountForm):
    """An app registered with Microsoft."""

    provider = Provider.TEAMS
    host = StringField(
        _l("Object ID of the organiser"),
        [InputRequired(_HERE), at_most(200), one_line],
        description=_l("The user who holds the meetings; the application access policy is theirs."),
    )
    tenant = _secret(_l("Tenant ID"))
    client_id = _secret(_l("Client ID"))
    client_secret = _secret(_l("Client secret"))
    address = StringField(
        _l("Address of Graph"), [InputRequired(_HERE), at_most(300), one_line], default=teams.API
    )
    sign_in_address = StringField(
        _l("Address of the sign-in"), [InputRequired(_HERE), at_most(300), one_line],
        default=teams.SIGN_IN,
    )  # fmt: skip


FORMS: dict[Provider, type[AccountForm]] = {
    Provider.BIGBLUEBUTTON: BigBlueButtonForm,
    Provider.ZOOM: ZoomForm,
    Provider.TEAMS: TeamsForm,
}


class MeetingForm(Form):
    """Where a session is held."""

    where = RadioField(_l("Where"), [InputRequired(_l("Choose where it is held."))])
    link = StringField(
        _l("Link"), [at_most(500), one_line],
        description=_l("For a plain link only, such as a room of Jitsi."),
    )  # fmt: skip

    def offer(self, accounts: dict[str, str]) -> None:
        named = {**accounts, "link": _("A plain link")}
        self.where.choices = offered(list(named.items()))

    @property
    def is_link(self) -> bool:
        return bool(self.where.data == "link")
