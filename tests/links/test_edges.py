"""What servers do, and should not: each is judged right, and nothing hangs, swells or leaks."""

import asyncio
import gzip
import ssl
import tracemalloc
import zlib
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from handover.links.body import CAP
from handover.links.fetch import tls_failure
from handover.links.hosts import Hosts
from tests.links.certificates import NOW, Authority
from tests.links.conftest import HOST, Checker, Waits
from tests.links.stage import Stage, endless, page, redirect, reply, stage


def test_twenty_hops_are_followed_and_not_one_more(checker: Checker, world: Stage) -> None:
    for number in range(30):
        world.on(f"/{number}", redirect(f"/{number + 1}", 301))
    world.on("/20", reply(200, page()))
    followed = checker.one("/0")
    assert (followed.class_, followed.final_url, len(followed.hops)) == ("moved", f"{HOST}/20", 20)
    world.on("/20", redirect("/21"))
    given_up = checker.one("/0")
    assert given_up.class_ == "blocked"
    assert "more than 20 redirects" in given_up.message
    assert world.times("/22") == 0


def test_cookies_and_passwords_go_to_no_other_host(checker: Checker, world: Stage) -> None:
    async def lookup(host: str, port: int) -> list[str]:
        return ["127.0.0.1"]

    checker.settings |= {"lookup": lookup, "allow_private": True}
    a, b = f"http://a.boats.test:{world.port}", f"http://b.boats.test:{world.port}"
    with_password = a.replace("//", "//user:word@")
    world.on("/start", redirect(f"{with_password}/still-here", Set_Cookie="secret=1; Domain=other.test; Path=/"))
    world.on("/still-here", redirect(f"{b}/elsewhere"))
    world.on("/elsewhere", redirect(f"{a}/back"))
    world.on("/back", reply(200, page()))
    assert checker.one(f"{a}/start").class_ == "redirected"
    headers = {request.path: request.headers for request in world.asked}
    assert {path for path, sent in headers.items() if sent.get("cookie") == "secret=1"} == {"/still-here", "/back"}
    assert {path for path, sent in headers.items() if "authorization" in sent} == {"/still-here"}


def test_a_cookie_for_a_domain_goes_to_its_hosts_and_to_no_other_owner(checker: Checker, world: Stage) -> None:
    async def lookup(host: str, port: int) -> list[str]:
        return ["127.0.0.1"]

    checker.settings |= {"lookup": lookup, "allow_private": True}
    hosts = [f"http://{name}:{world.port}" for name in ("a.boats.test", "b.boats.test", "quay.test")]
    for number, target in enumerate([*hosts[1:], ""]):
        if target:
            wide = "wide=1; Domain=.boats.test; Partitioned"
            world.on(
                f"/{number}",
                redirect(f"{target}/{number + 1}", Set_Cookie=wide if number == 0 else "all=1; Domain=test"),
            )
    world.on("/2", reply(200, page()))
    checker.one(f"{hosts[0]}/0")
    cookies = [request.headers.get("cookie") for request in world.asked if request.path in ("/0", "/1", "/2")]
    assert cookies == [None, "wide=1", None]


def test_a_page_without_an_end_is_read_up_to_the_cap(checker: Checker, world: Stage) -> None:
    world.on("/long", endless)
    found = checker({"top": {"url": "/long#top-of-it"}, "far": {"url": "/long#far-below"}})
    assert {name: result.class_ for name, result in found.items()} == {"top": "ok", "far": "unknown"}
    assert "is unknown" in found["far"].message
    assert "is unknown" not in found["top"].message


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_a_bomb_is_unpacked_up_to_the_cap(checker: Checker, world: Stage, encoding: str) -> None:
    text = page().encode() + b" " * 60_000_000
    bomb = gzip.compress(text, 9) if encoding == "gzip" else zlib.compress(text, 9)
    del text
    world.on("/bomb", reply(200, bomb, Content_Encoding=encoding))
    tracemalloc.start()
    result = checker.one("/bomb#nowhere")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert result.class_ == "unknown"
    assert peak < 40 * CAP


def test_packed_pages_are_read(checker: Checker, world: Stage) -> None:
    text = page("404", "<h2 id=part>Part</h2>").encode()
    bare = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    encodings = {
        "gzip": gzip.compress(text),
        "x-gzip": gzip.compress(text),
        "deflate": zlib.compress(text),
        "Deflate": bare.compress(text) + bare.flush(),
    }
    links = {}
    for number, (encoding, content) in enumerate(encodings.items()):
        links[f"p{number}"] = {"url": world.on(f"/{number}", reply(200, content, Content_Encoding=encoding))}
    assert {result.class_ for result in checker(links).values()} == {"soft-404"}
    # What nobody asked for, and what is broken, says nothing.
    world.on("/br", reply(200, b"\x0b\x02\x80", Content_Encoding="br"))
    world.on("/broken", reply(200, b"\x1f\x8bnonsense", Content_Encoding="gzip"))
    assert {r.class_ for r in checker({"br": {"url": "/br#x"}, "broken": {"url": "/broken#x"}}).values()} == {"unknown"}
    assert world.asked[0].headers["accept-encoding"] == "gzip, deflate"


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_the_anchor_of_a_page_cut_in_its_packing_is_not_known(checker: Checker, world: Stage, encoding: str) -> None:
    text = page(body="<h2 id=early>" + "".join(f"<p>{number}" for number in range(20_000)) + "<h2 id=late>").encode()
    packed = gzip.compress(text) if encoding == "gzip" else zlib.compress(text)
    world.on("/page", reply(200, packed[: len(packed) // 2], Content_Encoding=encoding))
    found = checker({"early": {"url": "/page#early"}, "late": {"url": "/page#late"}})
    assert {name: result.class_ for name, result in found.items()} == {"early": "ok", "late": "unknown"}


def test_charsets(checker: Checker, world: Stage) -> None:
    body = page("Seite nicht gefunden", "<h2 id='grüße'>Grüße</h2>")
    wrong = reply(200, body.encode("latin-1"), "text/html; charset=utf-8")
    unknown = reply(200, body.encode(), "text/html; charset=klingon")
    own = page("Fine", "<h2 id='grüße'>Grüße</h2>", "<meta charset='windows-1252'>").encode("cp1252")
    links = {
        "wrong": {"url": world.on("/wrong", wrong)},
        "unknown": {"url": world.on("/unknown", unknown)},
        "own": {"url": world.on("/own", reply(200, own)) + "#grüße"},
        "marked": {"url": world.on("/marked", reply(200, page("Fine", "<b id=é>").encode("utf-16"))) + "#é"},
        "codec": {"url": world.on("/codec", reply(200, page(), "text/html; charset=zlib"))},
        "utf-16": {"url": world.on("/16", reply(200, page(head="<meta charset=utf-16>", body="<b id=é>"))) + "#é"},
        "slow": {"url": world.on("/slow", reply(200, page(words=20_000), "text/html; charset=punycode"))},
    }
    classes = {name: result.class_ for name, result in checker(links).items()}
    assert classes == {"wrong": "soft-404", "unknown": "soft-404", "own": "ok", "marked": "ok", "codec": "ok",
                       "utf-16": "ok", "slow": "ok"}  # fmt: skip


@pytest.mark.parametrize(
    ("location", "end"),
    [
        ("../c", "/c"),
        ("c?x=1", "/a/c?x=1"),
        ("?page=2", "/a/b?page=2"),
        ("//b.example/c", "https://b.example/c"),
        ("https://a.example:443/c", "/c"),
        (" /c ", "/c"),
        ("/gr\xc3\xbc\xc3\x9fe", "/gr%C3%BC%C3%9Fe"),
        ("/gr\xfc\xdfe", "/gr%C3%BC%C3%9Fe"),
        ("/a b", "/a%20b"),
        ("/a%20b%2Fc", "/a%20b%2Fc"),
        ("/c#part", "/c#part"),
    ],
)
def test_locations(checker: Checker, world: Stage, location: str, end: str) -> None:
    checker.maps += (f"https://b.example/={world.base}",)
    world.otherwise = reply(200, page(body="<i id=part>"))
    world.on("/a/b", redirect(location))
    result = checker.one("/a/b")
    assert result.final_url == (end if end.startswith("https") else HOST + end)


def test_addresses_in_other_scripts(checker: Checker, world: Stage) -> None:
    checker.maps = (f"https://bücher.example/={world.base}idn/",)
    world.on("/idn/stra%C3%9Fe?q=%C3%A9", reply(200, page()))
    result = checker.one("https://Bücher.example/straße?q=é")
    assert (result.class_, result.url) == ("ok", "https://Bücher.example/straße?q=é")
    assert result.final_url == "https://xn--bcher-kva.example/stra%C3%9Fe?q=%C3%A9"


@pytest.mark.parametrize("seconds", [0, 3, 19])
@pytest.mark.parametrize("form", ["seconds", "date"])
def test_retry_after_is_honoured(checker: Checker, world: Stage, seconds: int, form: str) -> None:
    async def later(request: Any, writer: Any) -> None:
        date = format_datetime(datetime.now(UTC) + timedelta(seconds=seconds), usegmt=True)
        await reply(429, Retry_After=str(seconds) if form == "seconds" else date)(request, writer)

    assert checker.one(world.on("/busy", later, reply(200, page()))).class_ == "ok"
    assert any(seconds - 2 <= wait <= seconds for wait in [0, *checker.waits])


@pytest.mark.parametrize("value", ["3600", "99999999999999999999", "Wed, 01 Jan 2200 00:00:00 GMT"])
def test_a_server_that_wants_to_be_left_alone_is(checker: Checker, world: Stage, value: str) -> None:
    assert checker.one(world.on("/busy", reply(503, Retry_After=value))).class_ == "busy"
    assert world.times("/busy") == 1
    assert checker.waits.long == []
    assert "several times" not in checker.one("/busy").message


def test_dns_that_fails_once_is_well(checker: Checker, world: Stage) -> None:
    answers: list[list[str]] = [[], ["127.0.0.1"]]

    async def lookup(host: str, port: int) -> list[str]:
        return answers.pop(0)

    checker.settings |= {"lookup": lookup, "allow_private": True}
    world.on("/page", reply(200, page()))
    assert checker.one(f"http://harbour.test:{world.port}/page").class_ == "ok"
    assert answers == []


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("certificates"))


@pytest.mark.parametrize(
    ("certificate", "class_", "verdict", "words"),
    [
        ({"days": 300}, "ok", "pass", "200"),
        ({"days": -1}, "tls", "fail", "expired"),
        ({"host": "other.example"}, "tls", "fail", "not valid for '127.0.0.1'"),
        ({"self_signed": True}, "tls", "fail", "self-signed certificate"),
        ({"days": 5}, "tls", "warn", f"expires on {(NOW + timedelta(days=5)).date()}"),
    ],
)
def test_certificates(
    checker: Checker,
    authority: Authority,
    monkeypatch: pytest.MonkeyPatch,
    certificate: dict[str, Any],
    class_: str,
    verdict: str,
    words: str,
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    checker.now = NOW
    with stage(authority.server(**certificate)) as world:
        world.on("/page", reply(200, page()))
        checker.maps = (f"{HOST}/={world.base}",)
        result = checker.one("/page")
        assert (result.class_, result.verdict) == (class_, verdict)
        assert words in result.message
        assert world.times("/page") == (1 if class_ == "ok" or verdict == "warn" else 0)
        assert checker.one("/page", moved_to=f"{HOST}/other").verdict == verdict  # what else is known makes it no worse


def test_only_a_certificate_is_blamed_on_the_certificate() -> None:
    assert tls_failure(ssl.SSLError(1, "[SSL: NO_SHARED_CIPHER] no shared cipher")).detail.startswith(
        "no secure connection: "
    )
    expired = ssl.SSLCertVerificationError(1, "certificate has expired")
    expired.verify_code, expired.verify_message = 10, "certificate has expired."
    assert tls_failure(expired).detail == "the certificate is not accepted: certificate has expired"


def test_a_connection_that_breaks_is_told_without_the_inside_of_the_program(
    checker: Checker, authority: Authority
) -> None:
    with stage(authority.server()) as world:
        port = world.port
    checker.maps = (f"{HOST}/=https://127.0.0.1:{port}/", *checker.maps[1:])  # where nobody listens any more
    result = checker.one("/page")
    assert result.class_ == "busy"
    assert "object at" not in result.message
    assert result.message == "the server refuses connections, several times"


def test_two_at_a_time_at_one_host(checker: Checker, world: Stage) -> None:
    at_once, most = 0, 0

    async def count(request: Any, writer: Any) -> None:
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        await asyncio.sleep(0.02)
        at_once -= 1
        await reply(404)(request, writer)

    world.otherwise = count
    checker({f"l{number}": {"url": f"/{number}"} for number in range(20)})
    assert most == 2
    assert len(world.asked) == 40


def test_a_pause_at_one_host_and_fifty_in_all() -> None:
    waits = Waits()
    hosts = Hosts(sleep=waits, clock=lambda: 100.0)
    inside, most = 0, 0

    async def ask(host: str) -> None:
        nonlocal inside, most
        async with hosts.slot(host):
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0)
            inside -= 1

    async def everybody() -> None:
        await asyncio.gather(*(ask(f"h{number % 100}.example") for number in range(300)))

    asyncio.run(everybody())
    assert most == 50
    assert sorted({round(seconds, 3) for seconds in waits}) == [0.02, 0.04]
    assert hosts.postpone("h1.example", 7)
    asyncio.run(ask("h1.example"))
    assert waits[-1] == 7


def test_an_honest_name_is_given(checker: Checker, world: Stage) -> None:
    checker.one(world.on("/page", reply(200, page())))
    assert world.asked[0].headers["user-agent"].startswith("handover-links/")
    assert "(Tideline, Tideline crew book; +https://crew.tideline.example/)" in world.asked[0].headers["user-agent"]
    brand = checker.root / "data/brand.yml"
    brand.write_text(brand.read_text() + "user_agent: Tideline böt (ask crew@tideline.example)\n", encoding="utf-8")
    checker.one("/page?2")
    assert world.asked[-1].headers["user-agent"] == "Tideline b?t (ask crew@tideline.example)"
