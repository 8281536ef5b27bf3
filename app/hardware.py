"""Keys that never leave a token: made in it, used in it, reached through PKCS#11.

`CONFER_PKCS11_LIBRARY` names the maker's library, `CONFER_PKCS11_PINS` opens the tokens. A process
opens each of them once; a session that broke off (a token pulled out, a module restarted) is opened
anew. One signature at a time goes through a library: not every one of them bears more.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NoReturn, TypeVar

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes
from cryptography.hazmat.primitives.hashes import SHA256, Hash
from cryptography.hazmat.primitives.serialization import load_der_public_key
from flask import current_app

from app.errors import Refusal
from app.texts import gettext as _
from config import Settings

T = TypeVar("T")
_one_at_a_time = threading.RLock()
_open: dict[tuple[int, str], Any] = {}
"""Open sessions by process and token."""
_wrong_pins: dict[tuple[str, str], type[Exception]] = {}
"""What tokens said to PINs that were wrong. They are not tried again: a token counts, and locks."""


class OutOfReach(Refusal):
    """A token that cannot be asked now, in words that name no PIN."""


def tokens() -> list[str]:
    """The labels of the tokens that this deployment has a PIN for."""
    return [label for label, _pin in _settings().pkcs11_pins]


def has_library() -> bool:
    return _settings().pkcs11_library is not None


def try_out(label: str) -> None:
    """Open a token as a signature would, or raise `OutOfReach`."""
    _in_token(label, lambda session: session.token.label)


def generate(label: str, name: str, algorithm: str) -> PublicKeyTypes:
    """Make a key pair in a token, such that its private part can never be read out."""
    return _in_token(label, lambda session: _generated(session, name, algorithm))


def private(place: str, public: PublicKeyTypes) -> _EcInToken | _RsaInToken:
    """A stand-in for the private part at "token/key"."""
    label, _slash, name = place.rpartition("/")
    if isinstance(public, ec.EllipticCurvePublicKey):
        return _EcInToken(label, name, public)
    assert isinstance(public, rsa.RSAPublicKey)
    return _RsaInToken(label, name, public)


def _generated(session: Any, name: str, algorithm: str) -> PublicKeyTypes:
    from pkcs11 import Attribute, KeyType, Mechanism
    from pkcs11.util.ec import encode_ec_public_key, encode_named_curve_parameters
    from pkcs11.util.rsa import encode_rsa_public_key

    shared = {
        "store": True,
        "label": name,
        "id": name.encode(),
        "private_template": {Attribute.SENSITIVE: True, Attribute.EXTRACTABLE: False},
    }
    if algorithm == "ecdsa-p256":
        curve = encode_named_curve_parameters("secp256r1")
        domain = session.create_domain_parameters(
            KeyType.EC, {Attribute.EC_PARAMS: curve}, local=True
        )
        pair = domain.generate_keypair(mechanism=Mechanism.EC_KEY_PAIR_GEN, **shared)
        public = encode_ec_public_key(pair[0])
    else:
        pair = session.generate_keypair(KeyType.RSA, 3072, **shared)
        public = encode_rsa_public_key(pair[0])
    if not pair[1][Attribute.SENSITIVE] or pair[1][Attribute.EXTRACTABLE]:
        for half in pair:
            half.destroy()
        raise OutOfReach(_("The token would let the private key be read, so none was made in it."))
    return load_der_public_key(public)


class _InToken:
    """What both kinds of keys in a token share: they sign, and give nothing away."""

    def __init__(self, label: str, name: str) -> None:
        self.label, self.name = label, name

    def _ask(self, mechanism: str, content: bytes) -> bytes:
        from pkcs11 import Attribute, Mechanism, NoSuchKey, ObjectClass

        sought = {Attribute.CLASS: ObjectClass.PRIVATE_KEY, Attribute.LABEL: self.name}

        def signed(session: Any) -> bytes:
            found = list(session.get_objects(sought))  # to its end: a search left open blocks
            if not found:
                raise NoSuchKey
            return bytes(found[0].sign(content, mechanism=Mechanism[mechanism]))

        return _in_token(self.label, signed)

    def private_numbers(self) -> NoReturn:
        raise TypeError("a private key in a token cannot be read")

    def private_bytes(self, *_args: object, **_kwargs: object) -> NoReturn:
        raise TypeError("a private key in a token cannot be read")

    def __copy__(self) -> Any:
        return self

    def __deepcopy__(self, _memo: dict[int, Any]) -> Any:
        return self


class _EcInToken(_InToken, ec.EllipticCurvePrivateKey):
    """A key on a curve; the digest is made here, as not every token makes one."""

    def __init__(self, label: str, name: str, public: ec.EllipticCurvePublicKey) -> None:
        super().__init__(label, name)
        self._public = public

    def sign(self, data: Any, signature_algorithm: ec.EllipticCurveSignatureAlgorithm) -> bytes:
        from pkcs11.util.ec import encode_ecdsa_signature

        assert isinstance(signature_algorithm.algorithm, SHA256)
        digest = Hash(SHA256())
        digest.update(data)
        return bytes(encode_ecdsa_signature(self._ask("ECDSA", digest.finalize())))

    def public_key(self) -> ec.EllipticCurvePublicKey:
        return self._public

    @property
    def curve(self) -> ec.EllipticCurve:
        return self._public.curve

    @property
    def key_size(self) -> int:
        return self._public.key_size

    def exchange(self, *_args: object) -> NoReturn:
        raise TypeError("a key for seals agrees on no secrets")


class _RsaInToken(_InToken, rsa.RSAPrivateKey):
    """An RSA key, whose token makes the digest too."""

    def __init__(self, label: str, name: str, public: rsa.RSAPublicKey) -> None:
        super().__init__(label, name)
        self._public = public

    def sign(self, data: Any, *_how: object) -> bytes:
        return self._ask("SHA256_RSA_PKCS", bytes(data))

    def public_key(self) -> rsa.RSAPublicKey:
        return self._public

    @property
    def key_size(self) -> int:
        return self._public.key_size

    def decrypt(self, *_args: object) -> NoReturn:
        raise TypeError("a key for seals opens no secrets")


def _in_token(label: str, ask: Callable[[Any], T]) -> T:
    """Ask an open session; one that broke off since is opened anew, once."""
    with _one_at_a_time, _words_for_faults(label):
        held = (os.getpid(), label)
        if held in _open:
            try:
                return ask(_open[held])
            except _pkcs11_error():
                _close(held)
        _open[held] = _session(label)
        return ask(_open[held])


def _close(held: tuple[int, str]) -> None:
    try:
        _open.pop(held).close()
    except _pkcs11_error():
        pass  # it is gone already


def _session(label: str) -> Any:
    import pkcs11

    settings = _settings()
    pin = dict(settings.pkcs11_pins).get(label)
    if settings.pkcs11_library is None:
        raise OutOfReach(_("No PKCS#11 library is set."))
    if pin is None:
        raise OutOfReach(_("No PIN is set for the token %(label)s.", label=label))
    if held := _wrong_pins.get((label, pin)):
        raise held
    library = pkcs11.lib(settings.pkcs11_library)
    if any(process != os.getpid() for process, _label in _open):
        _open.clear()  # a fork: what the parent opened is not ours
        library.reinitialize()
    try:
        return _logged_in(library, label, pin)
    except (pkcs11.PinIncorrect, pkcs11.PinLocked):
        raise
    except pkcs11.PKCS11Error:
        close_all()  # many a library looks for tokens only as it starts: one may be back
        library.reinitialize()
        return _logged_in(library, label, pin)


def _logged_in(library: Any, label: str, pin: str) -> Any:
    import pkcs11

    token = library.get_token(token_label=label)
    try:
        return token.open(rw=True, user_pin=pin)
    except (pkcs11.PinIncorrect, pkcs11.PinLocked) as wrong:
        _wrong_pins[label, pin] = type(wrong)
        raise
    except pkcs11.UserAlreadyLoggedIn:  # a token asks for its PIN once a process
        return token.open(rw=True)


@contextmanager
def _words_for_faults(label: str) -> Iterator[None]:
    import pkcs11

    try:
        yield
    except (pkcs11.PKCS11Error, RuntimeError, OSError) as error:
        raise OutOfReach(_words(error, label)) from None


def _words(error: Exception, label: str) -> str:
    """Looked for only now: whose language it is may be asked of the database."""
    import pkcs11

    says: dict[type[Exception], str] = {
        pkcs11.NoSuchToken: _("The token %(label)s is not there.", label=label),
        pkcs11.PinIncorrect: _("The PIN of the token %(label)s is wrong.", label=label),
        pkcs11.PinLocked: _("The token %(label)s is locked after wrong PINs.", label=label),
        pkcs11.NoSuchKey: _("The key is not in the token %(label)s.", label=label),
    }
    other = _("The token %(label)s answered %(kind)s.", label=label, kind=type(error).__name__)
    return says.get(type(error), other)


def _pkcs11_error() -> type[Exception]:
    import pkcs11

    found: type[Exception] = pkcs11.PKCS11Error
    return found


def _settings() -> Settings:
    found: Settings = current_app.config["SETTINGS"]
    return found


def close_all() -> None:
    """Close what this process has open; the next signature opens it anew."""
    with _one_at_a_time:
        for held in list(_open):
            _close(held)
