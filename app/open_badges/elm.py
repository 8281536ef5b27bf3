"""A diploma in the European Learning Model, for a society that seals and issues it for Europass.

Unsigned on purpose: a European Digital Credential needs the advanced or qualified electronic seal
of a legal person, which the society applies in the Commission's own issuer. A joint award has
several awarding bodies in one awarding process; issuer is the certification body, whether it awards
or not.
"""

from __future__ import annotations

import base64

from app.credentials.models import Credential
from app.open_badges import picture
from app.open_badges.elm_claim import SNB, Document, achievement, concept
from app.open_badges.proofs import moment
from app.open_badges.queries import badge_of_diploma

AUTHORITY = "http://publications.europa.eu/resource/authority"
CONTEXTS = [
    "https://www.w3.org/2018/credentials/v1",
    "http://data.europa.eu/snb/model/context/edc-ap",
]
ISO3 = {
    "AT": "AUT", "BE": "BEL", "BG": "BGR", "CH": "CHE", "CY": "CYP", "CZ": "CZE", "DE": "DEU",
    "DK": "DNK", "EE": "EST", "ES": "ESP", "FI": "FIN", "FR": "FRA", "GB": "GBR", "GR": "GRC",
    "HR": "HRV", "HU": "HUN", "IE": "IRL", "IS": "ISL", "IT": "ITA", "LI": "LIE", "LT": "LTU",
    "LU": "LUX", "LV": "LVA", "MT": "MLT", "NL": "NLD", "NO": "NOR", "PL": "POL", "PT": "PRT",
    "RO": "ROU", "SE": "SWE", "SI": "SVN", "SK": "SVK", "TR": "TUR", "UA": "UKR", "US": "USA",
    "CA": "CAN", "AU": "AUS", "NZ": "NZL", "JP": "JPN", "KR": "KOR", "IN": "IND", "BR": "BRA",
    "ZA": "ZAF", "IL": "ISR", "RS": "SRB", "BA": "BIH", "MK": "MKD", "AL": "ALB", "ME": "MNE",
    "MD": "MDA", "GE": "GEO", "AM": "ARM", "CN": "CHN", "MX": "MEX", "AR": "ARG", "SG": "SGP",
}  # fmt: skip
"""The authority table of countries names them by three letters."""


def document(credential: Credential) -> Document:
    """The diploma as a European Digital Credential without a seal."""
    snapshot, at = credential.snapshot, moment(credential.issued_at)
    bodies = [_organisation(n, s) for n, s in enumerate(snapshot["awarding"], 1)]
    issuer = next(
        (b for b in bodies if b["legalName"]["en"] == snapshot["certification_body"]), None
    ) or _organisation(len(bodies) + 1, _body(credential))
    # The society that seals it writes its own number here: the one in its seal's certificate.
    issuer["eIDASIdentifier"] = _legal_identifier(9, "", issuer["registration"]["spatial"])
    title = {"en": snapshot["title"]}
    awarded = {
        "id": "urn:epass:awardingProcess:1",
        "type": "AwardingProcess",
        "awardingBody": bodies,
        "awardingDate": f"{snapshot['decided_on']}T00:00:00Z",
    }
    image = base64.b64encode(picture.png(badge_of_diploma(credential))).decode()
    whole = {
        "@context": CONTEXTS,
        "id": f"urn:credential:{credential.serial.lower()}",
        "type": ["VerifiableCredential", "EuropeanDigitalCredential"],
        "credentialProfiles": concept(
            f"{SNB}/credential/e34929035b", f"{SNB}/credential/25831c2", "Generic"
        ),
        "displayParameter": _display(title, image),
        "credentialSchema": {
            "id": f"{SNB}/model/ap/edc-generic-full",
            "type": "ShaclValidator2017",
        },
        "issuer": issuer,
        "issuanceDate": at,
        "issued": at,
        "validFrom": at,
        "credentialSubject": _holder(
            snapshot["holder"]["name"], achievement(snapshot, credential.serial, awarded)
        ),
    }
    if snapshot["valid_until"] is not None:
        whole["validUntil"] = whole["expirationDate"] = f"{snapshot['valid_until']}T23:59:59Z"
    return whole


def _holder(name: str, claim: Document) -> Document:
    """The name as one: which part of it is the family's, we have not asked."""
    return {
        "id": "urn:epass:person:1",
        "type": "Person",
        "fullName": {"en": name},
        "hasClaim": claim,
    }


def _body(credential: Credential) -> Document:
    """The certification body, when it does not award."""
    snapshot = credential.snapshot
    if "body" in snapshot:
        return dict(snapshot["body"])
    assert credential.award is not None
    body = credential.award.award_list.edition.scheme.body
    return {"short": body.short, "name": snapshot["certification_body"], "country": body.country}


def _organisation(number: int, society: Document) -> Document:
    country = society["country"]
    spatial = concept(
        f"{AUTHORITY}/country/{ISO3.get(country, country)}", f"{AUTHORITY}/country", country
    )
    return {
        "id": f"urn:epass:org:{number}",
        "type": "Organisation",
        "legalName": {"en": society["name"]},
        "altLabel": {"en": society["short"]},
        "registration": _legal_identifier(number, society["short"], spatial),
        "location": {
            "id": f"urn:epass:location:{number}",
            "type": "Location",
            "address": {
                "id": f"urn:epass:address:{number}",
                "type": "Address",
                "countryCode": spatial,
            },
        },
    }


def _legal_identifier(number: int, notation: str, spatial: Document) -> Document:
    return {
        "id": f"urn:epass:legalIdentifier:{number}",
        "type": "LegalIdentifier",
        "notation": notation,
        "spatial": spatial,
    }


def _display(title: Document, content: str) -> Document:
    english = concept(f"{AUTHORITY}/language/ENG", f"{AUTHORITY}/language", "English")
    encoding = concept(f"{SNB}/encoding/6146cde7dd", f"{SNB}/encoding/25831c2", "base64")
    kind = concept(f"{AUTHORITY}/file-type/PNG", f"{AUTHORITY}/file-type", "PNG")
    image = {
        "id": "urn:epass:mediaObject:1",
        "type": "MediaObject",
        "content": content,
        "contentEncoding": encoding,
        "contentType": kind,
    }
    return {
        "id": "urn:epass:displayParameter:1",
        "type": "DisplayParameter",
        "title": title,
        "primaryLanguage": english,
        "language": english,
        "individualDisplay": {
            "id": "urn:epass:individualDisplay:1",
            "type": "IndividualDisplay",
            "language": english,
            "displayDetail": {
                "id": "urn:epass:displayDetail:1",
                "type": "DisplayDetail",
                "page": 1,
                "image": image,
            },
        },
    }
