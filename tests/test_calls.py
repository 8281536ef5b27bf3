"""Calls to other servers: where they may go, and what they never tell."""

from __future__ import annotations

import logging
import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import calls
from app.calls import CallFailed, call, check_address, is_public, retry_after
from app.clock import now
from tests.meetings.servers import Server, Told


class Echo(Server):
    def answer(self, asked):
        return Told(200, {"path": asked.path})


@pytest.fixture
def echo():
    with Echo().running() as server:
        yield server


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
     "0.0.0.0", "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1",
     "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "ff02::1",
     "2001:db8::1", "192.0.2.1", "no address"],
)  # fmt: skip
def test_private_addresses_are_not_public(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", ["170.114.52.2", "2606:4700::1111", "64:ff9b::aa72:3402"])
def test_public_addresses_are(address):
    assert is_public(address)


@given(st.ip_addresses(v=4).filter(lambda ip: ip.is_private or ip.is_loopback or ip.is_link_local))
def test_no_private_address_is_reached_in_the_clothes_of_another(ip):
    assert not is_public(str(ip))
    assert not is_public(f"::ffff:{ip}")


@pytest.mark.parametrize(
    "url",
    ["http://zoom.example/", "ftp://zoom.example/", "https://", "https://user:pw@zoom.example/",
     "https://[", "https://127.0.0.1/", "https://localhost/", "https://[::1]:8443/",
     "https://2130706433/", "https://0x7f.1/", "https://a\x00b/", "javascript:alert(1)", ""],
)  # fmt: skip
def test_addresses_that_lead_into_our_own_network_are_refused(url):
    assert check_address(url)
    with pytest.raises(CallFailed):
        call("GET", url)


def test_a_public_name_of_a_private_address_is_refused(monkeypatch):
    def resolved(host, port, **_how):
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.216.34", port)),
                (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("10.0.0.5", port))]  # fmt: skip

    monkeypatch.setattr(calls.socket, "getaddrinfo", resolved)
    assert "private network" in check_address("https://rebound.example/")


def test_where_it_is_allowed_a_server_of_this_machine_answers(echo):
    answer = call("GET", f"{echo.url}/a/b", query={"x": "1 2"}, anywhere=True)
    assert answer.json == {"path": "/a/b"}
    assert echo.asked[0].query == "x=1+2"
    with pytest.raises(CallFailed, match="https"):
        call("GET", f"{echo.url}/a/b")


def test_a_redirection_is_not_followed(echo):
    echo.instead = [Told(302, "", {"Location": f"{echo.url}/inside"})]
    with pytest.raises(CallFailed, match="another address"):
        call("GET", f"{echo.url}/", anywhere=True)
    assert len(echo.asked) == 1


def test_a_server_that_is_not_there_is_told_in_words(echo):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(CallFailed, match="does not answer") as failed:
        call("GET", f"http://127.0.0.1:{port}/", anywhere=True)
    assert not failed.value.is_lasting


def test_an_answer_without_an_end_is_cut_off(echo, monkeypatch):
    monkeypatch.setattr(calls, "LARGEST_ANSWER", 1000)
    echo.instead = [Told(200, "x" * 5000)]
    with pytest.raises(CallFailed, match="too much"):
        call("GET", f"{echo.url}/", anywhere=True)


def test_neither_a_log_nor_a_failure_tells_a_secret(echo, caplog):
    caplog.set_level(logging.DEBUG)
    echo.is_broken(3)
    with pytest.raises(CallFailed) as failed:
        call("GET", f"{echo.url}/api?secret=s3cr3t", headers={"Authorization": "Bearer s3cr3t"},
             form={"client_secret": "s3cr3t"}, anywhere=True)  # fmt: skip
    said = f"{failed.value!r} {failed.value.__cause__!r} {failed.value.__context__!r}"
    assert "s3cr3t" not in said
    assert caplog.records
    assert "s3cr3t" not in caplog.text


@given(st.text(max_size=40))
def test_whatever_the_other_side_says_of_waiting_is_a_number_of_seconds(text):
    assert 0 <= retry_after(text, now()) <= 86400
