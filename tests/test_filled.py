"""What counts as filled in, and which URLs can be; tests/browser/test_filled.py asks the page the same."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from handover.model.located import Id, Located
from handover.model.placeholder import Placeholder
from handover.model.platform import Platform, token_delimiters
from handover.model.value import unfilled
from tests.conftest import ROOT, Run
from tests.test_cases import TIDELINE


def cases(file: str) -> list[tuple[str, str]]:
    """Each value of a file in tests/, with the key that it is below."""
    groups: dict[str, list[str]] = yaml.safe_load((ROOT / "tests" / file).read_text(encoding="utf-8"))
    return [(key, value) for key, values in groups.items() for value in values]


def platforms() -> Iterator[Platform]:
    """The platforms of this repository."""
    for file in sorted((ROOT / "data/platforms").glob("*.yml")):
        yield Platform(id=Id(file.stem), **yaml.safe_load(file.read_text(encoding="utf-8")))


TOKENS = token_delimiters(platforms())


def test_every_value_is_filled_in_or_has_its_reason() -> None:
    assert TOKENS == [("%%", "%%"), ("*|", "|*"), ("{!", "}"), ("{{", "}}")]
    known = cases("filled.yml")
    assert [(unfilled(value, TOKENS) or "filled", value) for _, value in known] == known


def placeholder(**keys: Any) -> Placeholder:
    written = {"label": "L", "description": "D", "filled_by": "team", "type": "text", "sample": "Dana", **keys}
    return Placeholder.model_validate({"id": "calendar", **written})


def test_a_url_can_be_filled_in_or_not() -> None:
    calendar = placeholder(type="url", sample="https://a.example")
    known = cases("urls.yml")
    assert [("bad" if calendar.problem_with(url, TOKENS) else "good", url) for _, url in known] == known


@pytest.mark.parametrize("key", ["sample", "fallback"])
@pytest.mark.parametrize("value", [value for reason, value in cases("filled.yml") if reason == "placeholder"])
def test_no_placeholder_stands_for_a_value_in_the_data(key: str, value: str) -> None:
    with pytest.raises(ValueError, match="is a placeholder, not a value for 'calendar'"):
        placeholder(**{key: Located(value)})


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ("[Customer Name]", "'[Customer Name]' is a placeholder, not a value for 'customer_name'."),
        ("____", "'____' is a placeholder, not a value"),
        ("{{contact.first_name}}", "'{{contact.first_name}}' has a merge token, which would stay as it is"),
        ("Hi %%First_Name%%", "has a merge token"),
        ("*|FNAME|*", "has a merge token"),
        ("{!Contact.FirstName}", "has a merge token"),
        ("undefined", "'undefined' means that 'customer_name' has no value."),
        ("   ", "the value of 'customer_name' shows nothing."),
        ("", "shows nothing"),
        ("\u2800", "shows nothing"),
        ("\u3164", "shows nothing"),
        ("\u00ad\u200b", "shows nothing"),
        ("\U000e0100", "shows nothing"),
        ("\u0301", "shows nothing"),
    ],
)
def test_show_refuses_what_is_not_filled_in_and_says_why(handover: Run, value: str, why: str) -> None:
    result = handover(
        "show", "expand-welcome", "--variant", "saas", "--format", "text", "--set", f"customer_name={value}"
    )
    assert (result.returncode, result.stdout) == (2, "")
    assert why in " ".join(result.stderr.split())


def test_show_takes_names_that_look_odd(handover: Run) -> None:
    for name in ("Null", "Test <3", "Acme [UK]", "O'Brien", "X Æ", "Xavier"):
        result = handover("show", "pooled-welcome", "--format", "text", "--set", f"first_name={name}")
        assert (result.returncode, f"Hi {name}," in result.stdout) == (0, True), result.stderr


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "https://calendly.com@evil.example/",
        "https:///",
        "https://:80",
        "https://a.example\\@evil.example/",
        "https://a.example/a b",
        "https://a.example/\u200f",
    ],
)
def test_an_address_that_is_none_is_an_error_at_its_place(tmp_path: Path, handover: Run, url: str) -> None:
    root = Path(shutil.copytree(TIDELINE, tmp_path / "root"))
    added = {
        "data/brand.yml": "site_url: §\nunsubscribe_sample: §\nview_online_sample: §\n"
        "logo:\n  alt: A\n  width: 1\n  height: 1\n  src: §\n",
        "data/links.yml": "a:\n  title: A\n  audience: everyone\n  url: §\n"
        "b:\n  title: B\n  audience: everyone\n  url: https://b.example\n  moved_to: §\n",
        "data/placeholders.yml": "a:\n  label: A\n  description: A\n  filled_by: team\n  type: url\n  sample: §\n",
    }
    expected = []
    for path, lines in added.items():
        text = (root / path).read_text(encoding="utf-8").replace("handbook_url: https://crew.tideline.example", "")
        text += f"handbook_url: §\n{lines}" if path.endswith("brand.yml") else lines
        expected += [f"{path}:{n}:{line.index('§') + 1}" for n, line in enumerate(text.split("\n"), 1) if "§" in line]
        (root / path).write_text(text.replace("§", f"'{url}'"), encoding="utf-8")
    errors = [
        line for line in handover("check", "--root", str(root)).stdout.splitlines() if "error invalid-value" in line
    ]
    assert [line.partition(": ")[0] for line in errors] == sorted(expected)


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", " JavaScript:alert(1)", "java\u200bscript:x", "data:text/html,x"]
)
def test_a_platform_has_no_script_for_a_link(url: str) -> None:
    footer = {"unsubscribe": Located(url)}
    written = {"label": "L", "format": "document", "takes": ["marketing"], "write": {"token": "<name>"}}
    with pytest.raises(ValueError, match="is not an http or https URL"):
        Platform.model_validate({"id": "a", **written, "footer": footer})


def test_a_sample_has_no_token_of_any_platform(tmp_path: Path, handover: Run) -> None:
    root = Path(shutil.copytree(TIDELINE, tmp_path / "root"))
    file = root / "data/placeholders.yml"
    file.write_text(file.read_text().replace("sample: Ada", "sample: Ada $(LAST)"), encoding="utf-8")
    assert "sample: Ada $(LAST)" in file.read_text()
    printed = handover("check", "--root", str(root)).stdout
    assert "error invalid-value: 'Ada $(LAST)' has a merge token, which would stay as it is in 'skipper'." in printed
