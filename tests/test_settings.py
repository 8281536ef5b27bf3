"""The settings of a deployment: good as they come, and every fault named at once."""

from __future__ import annotations

import pytest

from config import Misconfigured, from_environment

SECRET = "0123456789 abcdefghij klmnopqrst"


def test_nothing_need_be_set(tmp_path):
    settings = from_environment({"CONFER_VAR": str(tmp_path)})

    assert settings.database_url == f"sqlite:///{tmp_path}/confer.db"
    assert settings.public_url == "http://127.0.0.1:8000"
    assert len(settings.secret_key) >= 32
    again = from_environment({"CONFER_VAR": str(tmp_path)})
    assert again.secret_key == settings.secret_key, "made once, then kept"
    assert settings.secret_key not in repr(settings)


def test_everything_that_is_wrong_is_named_in_one_message(tmp_path):
    wrong = {
        "CONFER_VAR": str(tmp_path),
        "CONFER_PORT": "eighty",
        "CONFER_PUBLIC_URL": "ftp://confer.example",
        "CONFER_DATABASE_URL": "mysql://host/name",
        "CONFER_JOBS_URL": "amqp://host",
        "CONFER_FILES_URL": "gopher://host",
        "CONFER_SMTP_URL": "http://host",
        "CONFER_MAIL_FROM": "nobody",
        "CONFER_SECRET_KEY": "too short",
        "CONFER_TRUSTED_PROXIES": "-1",
        "CONFER_DEBUG": "perhaps",
        "CONFER_PUBLIC_ULR": "http://confer.example",
    }
    with pytest.raises(Misconfigured) as said:
        from_environment(wrong)

    for name in wrong.keys() - {"CONFER_VAR"}:
        assert name in str(said.value), name
    assert "too short" not in str(said.value), "a secret is never printed"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CONFER_PUBLIC_URL", "http://[confer"),
        ("CONFER_PUBLIC_URL", "http://confer.example:99999"),
        ("CONFER_PUBLIC_URL", "https://confer.example/below"),
        ("CONFER_SMTP_URL", "smtp://host:port"),
    ],
)
def test_an_address_that_cannot_be_taken_apart_is_a_fault_like_any_other(tmp_path, name, value):
    with pytest.raises(Misconfigured, match=name):
        from_environment({"CONFER_VAR": str(tmp_path), name: value})


def test_only_the_public_name_is_answered_to(tmp_path):
    environment = {"CONFER_VAR": str(tmp_path), "CONFER_SECRET_KEY": SECRET}
    public = from_environment({**environment, "CONFER_PUBLIC_URL": "https://confer.example/"})

    assert public.hosts == ["confer.example"]
    assert public.public_url == "https://confer.example"
    assert public.is_secure
    assert "127.0.0.1" in from_environment(environment).hosts
