"""Accounts of societies with meeting platforms. Their credentials are sealed, never shown again."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, LargeBinary, Select, Text, select
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, object_session, relationship

from app import sealed
from app.accounts.models import Person, new_token, token_digest
from app.agenda.models import Activity
from app.db import Base
from app.errors import Refusal
from app.journal.models import record
from app.meetings.bigbluebutton import BigBlueButton
from app.meetings.platform import Platform, Provider
from app.meetings.teams import Teams
from app.meetings.zoom import Zoom
from app.societies.models import Society
from app.texts import gettext as _

SECRETS: dict[Provider, tuple[str, ...]] = {
    Provider.BIGBLUEBUTTON: ("secret",),
    Provider.ZOOM: ("account_id", "client_id", "client_secret", "webhook_secret"),
    Provider.TEAMS: ("tenant", "client_id", "client_secret"),
}
"""What is sealed, by provider."""
MAY_MISS = frozenset({"webhook_secret"})
ADDRESSES = ("address", "sign_in_address")
"""Where secrets are sent to."""


class PlatformAccount(Base):
    """A society's account with a meeting platform."""

    __tablename__ = "platform_accounts"

    id: Mapped[int] = mapped_column(primary_key=True)
    society_id: Mapped[int] = mapped_column(ForeignKey("societies.id"), index=True)
    provider: Mapped[Provider]
    name: Mapped[str]
    address: Mapped[str]
    sign_in_address: Mapped[str] = mapped_column(default="")
    host: Mapped[str] = mapped_column(default="")
    """Zoom and Teams: the user who holds the meetings."""
    flavour: Mapped[str] = mapped_column(default="")
    """BigBlueButton: the algorithm of its checksums. Zoom: "meetings" or "webinars"."""
    sealed: Mapped[str] = mapped_column(Text)
    hook_digest: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    """Of the secret in the addresses to which the platform's callbacks come."""
    created_at: Mapped[datetime]
    tried_at: Mapped[datetime | None]
    tried_well: Mapped[bool | None]
    tried_says: Mapped[str] = mapped_column(default="")
    retired_at: Mapped[datetime | None]

    society: Mapped[Society] = relationship()

    @classmethod
    def of(cls, society_ids: Sequence[int]) -> Select[PlatformAccount]:
        """The accounts of these societies: the reach of their administrators."""
        return (
            select(cls)
            .where(cls.society_id.in_(society_ids))
            .options(joinedload(cls.society, innerjoin=True))
            .order_by(cls.retired_at.is_not(None), cls.name, cls.id)
        )

    @classmethod
    def usable(cls, society_ids: Sequence[int]) -> Select[PlatformAccount]:
        return cls.of(society_ids).where(cls.retired_at.is_(None))

    @classmethod
    def for_holding(cls, activity: Activity, society_ids: Sequence[int]) -> Select[PlatformAccount]:
        """On which an activity may be held, by whoever acts for these societies.

        To name a society beside one's own does not lend its account: it agrees first, or stands
        under what was announced.
        """
        holders = {society.id for society in activity.societies}
        agree = holders if activity.is_announced else activity.consenting | set(society_ids)
        return cls.usable(sorted(holders & agree))

    @classmethod
    def called_at(cls, token: str) -> Select[PlatformAccount]:
        """The account to whose address for callbacks this secret belongs."""
        return select(cls).where(cls.hook_digest == token_digest(token), cls.retired_at.is_(None))

    @classmethod
    def enter(
        cls, session: Session, society: Society, provider: Provider, *,
        facts: Mapping[str, str], secrets: Mapping[str, str], by: Person, at: datetime,
    ) -> PlatformAccount:  # fmt: skip
        """Enter an account; what is secret is sealed here and now."""
        hook = new_token()
        account = cls(society=society, society_id=society.id, provider=provider, created_at=at,
                      hook_digest=token_digest(hook), **facts)  # fmt: skip
        account._seal({**secrets, "hook": hook})
        session.add(account)
        record(session, "platform.entered", by=by, at=at, on=account, society_id=society.id,
               provider=str(provider), address=account.address)  # fmt: skip
        return account

    def change(
        self, *, facts: Mapping[str, str], secrets: Mapping[str, str], by: Person, at: datetime
    ) -> None:
        """Change what is said of it; a secret that is left empty stays as it is."""
        if self.needs_anew(facts) and unnamed(self.provider, secrets):
            raise Refusal(_("Enter all credentials anew."))
        changed = sorted(name for name, value in facts.items() if getattr(self, name) != value)
        for name, value in facts.items():
            setattr(self, name, value)
        anew = {name: value for name, value in secrets.items() if value}
        if anew:
            self._take(anew)
        if changed or anew:
            self.tried_at = self.tried_well = None
            self.tried_says = ""
        record(_session_of(self), "platform.changed", by=by, at=at, on=self,
               society_id=self.society_id, changed=changed, secrets_changed=sorted(anew),
               address=self.address)  # fmt: skip

    def needs_anew(self, facts: Mapping[str, str]) -> bool:
        """Whether it takes all secrets to change it so.

        None goes where it was not entered for, and what no key opens cannot be kept.
        """
        moves = any(name in facts and facts[name] != getattr(self, name) for name in ADDRESSES)
        return moves or not self.opens

    @property
    def opens(self) -> bool:
        """Whether a key of this deployment opens its credentials."""
        try:
            sealed.unseal(self.sealed, self._purpose)
        except sealed.CannotOpen:
            return False
        return True

    def _take(self, anew: Mapping[str, str]) -> None:
        """Seal other secrets; where the old ones are lost, callbacks get another address too."""
        if self.opens:
            self._seal({**self.secrets, **anew})
            return
        hook = new_token()
        self.hook_digest = token_digest(hook)
        self._seal({**anew, "hook": hook})

    def note_trial(self, well: bool, says: str, *, by: Person, at: datetime) -> None:
        """Somebody tried whether it opens."""
        self.tried_at, self.tried_well, self.tried_says = at, well, says
        record(_session_of(self), "platform.tried", by=by, at=at, on=self,
               society_id=self.society_id, well=well, says=says)  # fmt: skip

    def retire(self, *, by: Person, at: datetime, meetings_ahead: int) -> None:
        """Use it no longer. Its credentials are destroyed."""
        if self.retired_at is not None:
            return
        if meetings_ahead:
            raise Refusal(_("Meetings to come are held on this account. Take them back first."))
        self.retired_at = at
        self._seal({})
        record(_session_of(self), "platform.retired", by=by, at=at, on=self,
               society_id=self.society_id)  # fmt: skip

    @property
    def secrets(self) -> dict[str, str]:
        """The credentials, opened. They go nowhere but to the platform."""
        found: dict[str, str] = json.loads(sealed.unseal(self.sealed, self._purpose))
        return found

    @property
    def missing(self) -> list[str]:
        """Which credentials it needs and has not."""
        return unnamed(self.provider, self.secrets)

    def platform(self, *, anywhere: bool = False, tries: int = 3) -> Platform:
        """The platform behind it, ready to be called."""
        held = self.secrets
        shared: dict[str, Any] = {"anywhere": anywhere, "tries": tries}
        if self.provider is Provider.BIGBLUEBUTTON:
            return BigBlueButton(self.address, held.get("secret", ""), self.flavour, **shared)
        shared |= {"address": self.address, "sign_in_address": self.sign_in_address}
        if self.provider is Provider.ZOOM:
            return Zoom(held.get("account_id", ""), held.get("client_id", ""),
                        held.get("client_secret", ""), host=self.host,
                        is_webinar=self.flavour == "webinars", **shared)  # fmt: skip
        return Teams(held.get("tenant", ""), held.get("client_id", ""),
                     held.get("client_secret", ""), organiser=self.host, **shared)  # fmt: skip

    def reseal(self) -> bool:
        """Seal it with the key that seals today; whether it was not."""
        is_old = not sealed.is_sealed_anew(self.sealed)
        if is_old:
            self._seal(self.secrets)
        return is_old

    def _seal(self, secrets: Mapping[str, str]) -> None:
        self.sealed = sealed.seal(json.dumps(dict(secrets), sort_keys=True), self._purpose)

    @property
    def _purpose(self) -> str:
        return _purpose(self.society_id, self.hook_digest)

    def __str__(self) -> str:
        return self.name


def unnamed(provider: Provider, secrets: Mapping[str, str]) -> list[str]:
    """Which credentials that no account is without are not among these."""
    wanted = SECRETS[provider]
    return [name for name in wanted if name not in MAY_MISS and not secrets.get(name)]


def _purpose(society_id: int, hook_digest: bytes) -> str:
    """A sealed text opens for this very account alone."""
    return f"platform account of society {society_id}: {hook_digest.hex()}"


def sealed_texts(session: Session) -> list[tuple[str, str]]:
    """What accounts keep sealed, for the doctor."""
    found = session.execute(
        select(PlatformAccount.sealed, PlatformAccount.society_id, PlatformAccount.hook_digest)
    )
    return [(text, _purpose(society_id, digest)) for text, society_id, digest in found]


def _session_of(account: PlatformAccount) -> Session:
    session = object_session(account)
    assert session is not None
    return session
