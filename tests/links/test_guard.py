"""A link check is no way into the network."""

import asyncio
import ipaddress
import socket
from collections.abc import Sequence

import pytest

from handover.links.guard import Resolver, is_public, literal
from handover.links.observation import Failed
from tests.links.conftest import HOST, Checker
from tests.links.stage import Stage, page, redirect, reply

PRIVATE = [
    "0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "127.0.0.1", "127.255.255.254", "169.254.169.254", "172.16.0.1",  # noqa: S104 - nobody binds here
    "172.31.255.255", "192.0.0.1", "192.0.2.1", "192.168.1.1", "198.18.0.1", "198.51.100.1", "203.0.113.1",
    "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255",
    "::", "::1", "::7f00:1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:a9fe:a9fe", "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe", "64:ff9b:1::a00:1", "2002:7f00:1::", "2002:a00:1::1", "2001:db8::1",
    "2001:0:0:0:0:0:f5ff:fffe", "fc00::1", "fd12:3456::1", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "100::1",
]  # fmt: skip
PUBLIC = ["1.1.1.1", "8.8.8.8", "93.184.216.34", "2606:4700:4700::1111", "2a00:1450:4001:801::200e", "64:ff9b::808:808",
          "::ffff:8.8.8.8"]  # fmt: skip


def test_what_is_public() -> None:
    assert [text for text in PRIVATE if is_public(ipaddress.ip_address(text.partition("%")[0]))] == []
    assert [text for text in PUBLIC if not is_public(ipaddress.ip_address(text))] == []


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "2130706433", "0x7f.1", "0x7f000001", "127.1", "0177.0.0.1", "017700000001", "[::ffff:127.0.0.1]",
     "[::1%lo]"],
)  # fmt: skip
def test_an_address_in_any_form_is_seen_as_one(checker: Checker, world: Stage, host: str) -> None:
    found = literal(host)
    assert found is not None
    assert not is_public(found)
    away = world.on("/away", redirect(f"http://{host.replace('%lo', '')}:{world.port}/page"))
    result = checker.one(away)  # data/links.yml takes only the plain form
    assert (result.class_, result.verdict) == ("dns", "fail")
    assert world.times("/page") == 0


def test_a_name_is_none() -> None:
    assert [literal(name) for name in ("a.example", "0x7f.example", "cafe", "1.2.3.4.example")] == [None] * 4


@pytest.mark.parametrize("host", ["localhost", "harbour.test"])
def test_a_name_of_a_private_address_is_not_connected_to(checker: Checker, world: Stage, host: str) -> None:
    async def lookup(name: str, port: int) -> Sequence[str]:
        return ["93.184.216.34", "127.0.0.1"]  # one that is private is enough

    if host != "localhost":
        checker.settings["lookup"] = lookup
    result = checker.one(f"http://{host}:{world.port}/page")
    assert (result.class_, result.verdict) == ("dns", "fail")
    assert "not a public address" in result.message
    assert world.asked == []


def test_what_was_looked_at_is_what_is_connected_to() -> None:
    """The name is not looked up again in between, so changing it meanwhile gains nothing."""
    asked = []

    async def lookup(name: str, port: int) -> Sequence[str]:
        asked.append(name)
        return ["93.184.216.34", "2606:4700:4700::1111"] if len(asked) == 1 else ["127.0.0.1"]

    resolver = Resolver(lookup, allow_private=False)
    found = asyncio.run(resolver.resolve("rebinding.example", 443))
    assert [(each["host"], each["flags"], each["family"]) for each in found] == [
        ("93.184.216.34", socket.AI_NUMERICHOST, socket.AF_INET),
        ("2606:4700:4700::1111", socket.AI_NUMERICHOST, socket.AF_INET6),
    ]
    with pytest.raises(Failed):
        asyncio.run(resolver.resolve("rebinding.example", 443))


@pytest.mark.parametrize(
    "target",
    [
        "http://127.0.0.1:{port}/secret",
        "http://169.254.169.254/latest",
        "http://localhost:{port}/secret",
        "http://[::1]:{port}/secret",
        "http://0x7f.1:{port}/secret",
        "//127.0.0.1:{port}/secret",
    ],
)
def test_a_redirect_to_a_private_address_is_not_followed(checker: Checker, world: Stage, target: str) -> None:
    world.on("/secret", reply(200, page("Secret")))
    location = target.format(port=world.port)
    result = checker.one(world.on("/public", redirect(location)))
    assert (result.class_, result.verdict, result.status) == ("dns", "fail", None)
    assert [hop.url for hop in result.hops] == [f"{HOST}/public"]
    assert world.times("/secret") == 0


def test_private_addresses_are_asked_where_that_is_allowed(checker: Checker, world: Stage) -> None:
    checker.settings["allow_private"] = True
    world.on("/secret", reply(200, page()))
    assert checker.one(f"http://127.0.0.1:{world.port}/secret").class_ == "ok"
    assert checker.one(f"http://localhost:{world.port}/secret").class_ == "ok"


def test_a_page_cannot_send_its_reader_to_a_private_address(checker: Checker, world: Stage) -> None:
    head = f'<meta http-equiv="refresh" content="0;url=http://127.0.0.1:{world.port}/secret">'
    assert checker.one(world.on("/public", reply(200, page(head=head)))).class_ == "dns"
    assert world.times("/secret") == 0
