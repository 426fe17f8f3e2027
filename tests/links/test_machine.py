"""The faults of this machine, which are not the links': its name server, its network, its proxy, its certificates."""

import errno
import json
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from handover.links.urls import host_of
from tests.links.certificates import Authority
from tests.links.conftest import HOST, WELL_KNOWN, Checker
from tests.links.stage import Stage, page, redirect, reply, stage, tunnel

Names = dict[str, str | int]
"""The address of each name, or the error of its lookup; `*` for any other name."""


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Names:
    """A name server that answers as the test says."""
    scripted: Names = {"*": socket.EAI_NONAME}
    real = socket.getaddrinfo

    def lookup(host: Any, port: Any, *rest: Any, **more: Any) -> Any:
        found = scripted.get(str(host), scripted["*"])
        if isinstance(found, int):
            raise socket.gaierror(found, "as scripted")
        return real(found, port, *rest, **more)

    monkeypatch.setattr("handover.links.guard.socket.getaddrinfo", lookup)
    return scripted


@pytest.mark.parametrize(
    ("code", "class_", "verdict"),
    [
        (socket.EAI_NONAME, "dns", "fail"),
        (getattr(socket, "EAI_NODATA", socket.EAI_NONAME), "dns", "fail"),
        (socket.EAI_AGAIN, "busy", "pass"),
        (socket.EAI_FAIL, "busy", "pass"),
    ],
)
def test_only_a_name_that_is_not_there_is_a_dead_link(
    checker: Checker, names: Names, code: int, class_: str, verdict: str
) -> None:
    names["lost.test"] = code
    result = checker.one("https://lost.test/x")
    assert (result.class_, result.verdict) == (class_, verdict)
    assert "lost.test" in result.message


@pytest.mark.parametrize("count", [1, 3, 60])
@pytest.mark.parametrize("code", [socket.EAI_AGAIN, socket.EAI_NONAME])
def test_without_any_name_nothing_is_judged(checker: Checker, names: Names, count: int, code: int) -> None:
    names["*"] = code
    checker.maps = ()
    outcome = checker.outcome({f"l{number}": {"url": f"https://h{number}.test/"} for number in range(count)})
    assert outcome.fault == "no name resolves. Is this machine online?"
    assert {(result.class_, result.verdict) for result in outcome.report.links} == {("unknown", "pass")}
    assert len(outcome.report.links) == count


def test_without_a_way_to_any_server_nothing_is_judged(checker: Checker, names: Names) -> None:
    names["*"] = "127.0.0.1"
    with socket.socket() as closed:  # bound, and nobody listens
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
        checker.settings["allow_private"] = True
        checker.maps = tuple(f"{url}=http://127.0.0.1:{port}/" for url in WELL_KNOWN)
        outcome = checker.outcome({"a": {"url": f"http://a.test:{port}/"}})
    assert outcome.fault == "no server answers. Is this machine online?"


def test_one_name_that_does_not_resolve_is_judged_where_others_do(checker: Checker, names: Names) -> None:
    outcome = checker.outcome({"a": {"url": "https://lost.test/"}})
    assert (outcome.fault, outcome.report.links[0].class_) == ("", "dns")


def test_without_a_fault_nothing_well_known_is_requested(checker: Checker, world: Stage) -> None:
    checker.one(world.on("/page", reply(404)))
    assert world.times("/") == 0


def test_examples_are_not_requested_and_need_no_network(checker: Checker, names: Names) -> None:
    names["*"] = socket.EAI_AGAIN
    checker.maps = ()
    outcome = checker.outcome({"a": {"url": "https://docs.example.com/start"}, "b": {"url": "https://a.example/"}})
    assert (outcome.fault, outcome.report.fail) == ("", 0)
    assert {(result.class_, result.verdict) for result in outcome.report.links} == {("unknown", "pass")}
    checker.now = checker.now.replace(year=2027)
    assert checker.outcome({"a": {"url": "https://docs.example.com/start"}}).report.warn == 0


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("certificates"))


def test_certificates_of_an_authority_that_this_machine_does_not_know(
    checker: Checker, names: Names, authority: Authority
) -> None:
    names |= {"a.test": "127.0.0.1", "b.test": "127.0.0.1"}
    checker.settings["allow_private"] = True
    with stage(authority.server("a.test")) as first, stage(authority.server("b.test")) as second:
        links = {"a": {"url": f"https://a.test:{first.port}/"}, "b": {"url": f"https://b.test:{second.port}/"}}
        outcome = checker.outcome(links)
        assert "SSL_CERT_FILE" in outcome.fault
        assert outcome.report.fail == 0
        del links["b"]  # one server may be wrong by itself
        assert checker.outcome(links).fault == ""
        assert checker(links)["a"].class_ == "tls"


@pytest.mark.parametrize("left_out", [True, False])
def test_a_chain_without_its_intermediate(
    checker: Checker, authority: Authority, monkeypatch: pytest.MonkeyPatch, left_out: bool
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    with stage(authority.below("Harbour intermediate", left_out)) as world:
        world.on("/page", reply(200, page()))
        checker.maps = (f"{HOST}/={world.base}", *checker.maps[1:])
        result = checker.one("/page")
    assert (result.class_, result.verdict) == (("tls", "warn") if left_out else ("ok", "pass"))
    assert ("leaves out the certificate of 'Harbour intermediate'" in result.message) == left_out


def test_a_proxy_is_used_and_resolves_the_names(
    checker: Checker, names: Names, world: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", world.base)
    checker.maps = ()
    world.on("http://harbour.test/page", reply(200, page()))
    assert checker.one("http://harbour.test/page").class_ == "ok"
    for private in ("http://10.0.0.1/", "http://localhost/", "http://[::1]/"):
        assert "not a public address" in checker.one(private).message
    assert {host_of(request.path) for request in world.asked} == {"harbour.test"}


def test_a_proxy_is_used_for_https(
    checker: Checker, names: Names, world: Stage, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("https_proxy", world.base)
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    checker.maps = ()
    with stage(authority.server("harbour.test")) as harbour:
        harbour.on("/page", reply(200, page()))
        world.on(f"harbour.test:{harbour.port}", tunnel(harbour.port))
        assert checker.one(f"https://harbour.test:{harbour.port}/page").class_ == "ok"
    assert {request.method for request in world.asked} == {"CONNECT"}
    assert harbour.times("/page") == 1


@pytest.mark.parametrize("of", ["http", "https"])
@pytest.mark.parametrize(
    ("proxy", "words"),
    [
        ("http://127.0.0.1:1", "the proxy cannot be reached"),
        ("http://lost.test:3128", "the name of the proxy does not resolve"),
        ("socks5://127.0.0.1:1080", "has to be an http address"),
        ("{base}", "the proxy wants a name and a password"),
    ],
)
def test_a_proxy_that_does_not_work(
    checker: Checker, names: Names, world: Stage, monkeypatch: pytest.MonkeyPatch, of: str, proxy: str, words: str
) -> None:
    world.otherwise = reply(407)
    for scheme in ("http", "https"):
        monkeypatch.setenv(f"{scheme}_proxy", proxy.format(base=world.base))
    checker.maps = ()
    outcome = checker.outcome({"a": {"url": f"{of}://harbour.test/page"}})
    assert words in outcome.fault
    assert "HTTPS_PROXY" in outcome.fault
    assert [result.class_ for result in outcome.report.links] == ["unknown"]


def test_what_is_known_is_kept_where_the_rest_cannot_be_judged(checker: Checker, names: Names, world: Stage) -> None:
    world.on("/page", reply(200, page()))
    checker.one("/page")
    names["*"] = socket.EAI_AGAIN
    checker.maps = checker.maps[:1]
    outcome = checker.outcome({"it": {"url": "/page"}, "new": {"url": "https://new.test/"}})
    assert {result.id: result.class_ for result in outcome.report.links} == {"it": "ok", "new": "unknown"}
    assert outcome.fault


def test_the_command_says_so_and_writes_the_reports(
    checker: Checker, names: Names, tmp_path: Path, links: Callable[..., Any]
) -> None:
    names["*"] = socket.EAI_AGAIN
    checker.maps = ()
    checker.write({"a": {"url": "https://h.test/"}})
    report = tmp_path / "report.json"
    result = links("--report", f"json={report}")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("Error: the links cannot be checked, and none is judged: no name resolves.")
    assert json.loads(report.read_text())["links"][0]["message"].startswith("not judged: ")
    assert not checker.cache.exists()


@pytest.mark.parametrize("number", [errno.ECONNREFUSED, errno.ECONNRESET, errno.ENETUNREACH, errno.EHOSTUNREACH, 0])
def test_no_message_is_about_the_inside_of_the_program(
    checker: Checker, names: Names, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    async def refuse(*arguments: object, **more: object) -> None:
        raise OSError(number, f"[Errno {number}] <object at 0x7f> (_ssl.c:1006)")

    monkeypatch.setattr("aiohttp.connector.aiohappyeyeballs.start_connection", refuse)
    names["a.test"] = "8.8.8.8"
    checker.settings["before"] = frozenset()
    message = checker.outcome({"a": {"url": "https://a.test/"}, "b": {"url": "https://docs.example.com/"}})
    text = message.fault + "".join(result.message for result in message.report.links)
    assert not [sign for sign in ("Errno", "object at", "_ssl", "Error", "Exception") if sign in text], text


def test_a_redirect_is_an_answer(checker: Checker, names: Names, world: Stage) -> None:
    checker.maps = checker.maps[:1]
    outcome = checker.outcome({"a": {"url": world.on("/away", redirect("https://lost.test/"))}})
    assert (outcome.fault, outcome.report.links[0].class_) == ("", "dns")
