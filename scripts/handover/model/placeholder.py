"""`data/placeholders.yml`: everything that a person or a platform fills in; `data/people.yml`: colleagues to choose."""

import re
from collections.abc import Iterable, Mapping
from typing import Literal, Self

from pydantic import StrictBool, model_validator

from handover.model.base import Fault, Model
from handover.model.located import Id, Language, Located, Reference
from handover.model.spelling import guess
from handover.model.value import TYPED, Delimiters, check_url, unfilled_problem

Field = Literal["name", "role", "email", "calendar", "pronouns"]


class Person(Model):
    """A colleague. The site publishes everything in this file."""

    id: Id
    """The id of the entry."""
    name: Located
    """First and last name."""
    role: Located | None = None
    """The role, shown beside the name in the list of colleagues."""
    email: Located | None = None
    """The email address."""
    calendar: Located | None = None
    """The URL of the scheduling page."""
    pronouns: Reference | None = None
    """The pronouns: the id of an option of a choice in data/placeholders.yml."""


Filler = Literal["sender", "team", "customer", "platform"]

LOCAL_PART = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
"""The part before the @ of an email address: what RFC 5322 allows unquoted. Some servers accept no more."""

PATTERNS = {
    "email": re.compile(LOCAL_PART + r"@(?:[A-Za-z0-9-]+\.)+[A-Za-z0-9-]+", re.IGNORECASE | re.ASCII),
    "url": TYPED,
}
"""The pattern that a whole value must match, by type; the form on the page of a message uses the same."""


MAX_EMAIL = 254
"""Characters of an email address (RFC 5321, section 4.5.3.1.3, less the two brackets)."""


def is_email_address(text: str) -> bool:
    """True for an email address that mail servers take."""
    return len(text) <= MAX_EMAIL and PATTERNS["email"].fullmatch(text) is not None


_TYPES: dict[Field, str] = {"name": "text", "role": "text", "email": "email", "calendar": "url", "pronouns": "choice"}
"""The type of a placeholder that takes a detail of a person."""


class Placeholder(Model):
    """One placeholder."""

    id: Id
    """The id that content uses: `{{ customer_name }}`."""
    label: Located
    """Its name for people: the label in the form, and the text in brackets in the handbook."""
    ask: Located | None = None
    """Its name in the form, where that differs: how you would ask for it."""
    description: Located
    """What to fill in, in a sentence."""
    type: Literal["text", "email", "url", "choice"] = "text"
    """The type of its values."""
    filled_by: Filler
    """Who fills it in; this also says whom the value is about."""
    person: Field | None = None
    """The detail of the colleague that it takes, if that is chosen from data/people.yml."""
    sample: Located
    """The value that previews show; for a choice, an option's id."""
    fallback: Located | None = None
    """The text that a platform writes if it has no value, for example `there`."""
    optional: StrictBool = False
    """True for a placeholder that is only for email addresses: it may stay empty, and no text may use it."""
    forms: dict[Id, Located] = {}
    """For a choice: its grammatical forms, each with the text in brackets in the handbook."""
    options: dict[Id, dict[Id, Located]] = {}
    """For a choice: its options, each with its text for every form."""
    neutral: Located | None = None
    """For a choice: the option to use where a platform cannot ask."""

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.type == "choice":
            self._check_choice()
        for key in ("forms", "options", "neutral"):
            if self.type != "choice" and getattr(self, key):
                message = f"'{key}' is only for type 'choice', and '{self.id}' has type '{self.type}'"
                raise Fault(message, key, hint="Write 'type: choice', or delete the key.", at_key=True)
        if self.person is not None:
            self._check_person(self.person)
        for key, text in (("sample", self.sample), ("fallback", self.fallback)):
            problem = self.problem_with(text) if text is not None else None
            if problem:
                raise Fault(problem, key, hint=self.fix)
        return self

    def _check_person(self, field: Field) -> None:
        if self.filled_by != "team":
            message = f"'person' is only for 'filled_by: team', and '{self.id}' has '{self.filled_by}'"
            raise Fault(message, "person", hint="Write 'filled_by: team', or delete the key.", at_key=True)
        if self.type != _TYPES[field]:
            message = f"a person's {field} needs type '{_TYPES[field]}', and '{self.id}' has type '{self.type}'"
            raise Fault(message, "person", hint=f"Write 'type: {_TYPES[field]}', or choose another detail.")

    def _check_choice(self) -> None:
        for key in ("forms", "options", "neutral"):
            if not getattr(self, key):
                raise Fault(f"the choice '{self.id}' needs '{key}'", hint=f"Add a line '{key}: …'.")
        for form in self.forms:
            if not any(form in texts for texts in self.options.values()):
                others = [other for texts in self.options.values() for other in texts if other not in self.forms]
                fix = guess(form, others, "The options have") or "Give every option a text for it."
                raise Fault(f"no option has a text for the form '{form}'", "forms", str(form), hint=fix, at_key=True)
        for option, texts in self.options.items():
            for form in texts:
                if form not in self.forms:
                    missing = [other for other in self.forms if other not in texts]
                    hint = guess(form, missing or self.forms, "The forms are")
                    message = f"'{form}' is not a form of '{self.id}'"
                    raise Fault(message, "options", str(option), str(form), hint=hint, at_key=True)
            for form in self.forms:
                if form not in texts:
                    message = f"the option '{option}' has no text for the form '{form}'"
                    raise Fault(message, "options", str(option), hint=f"Add '{form}: …' to it.", at_key=True)
        if self.neutral not in self.options:
            near = guess(str(self.neutral), self.options, "The options are")
            raise Fault(f"'{self.neutral}' is not an option", "neutral", hint=near)

    @property
    def fix(self) -> str:
        """What to write instead of an invalid value, as a sentence."""
        match self.type:
            case "choice":
                return f"Write one of {', '.join(self.options)}."
            case "email":
                return "Write an email address, like name@host.example."
            case "url":
                return "Write a full URL, like https://host.example/page."
            case _:
                return "Write some text."

    def problem_with(self, value: str, tokens: Iterable[Delimiters] = ()) -> str | None:
        """Why `value` is invalid here, as a sentence without a period; None if it is valid.

        `tokens` are the delimiters of the platforms' merge tokens, which no value can have.
        """
        if self.type == "choice":
            is_option = value in self.options
            return None if is_option else f"'{value}' is not an option of '{self.id}': {', '.join(self.options)}"
        problem = unfilled_problem(self.id, value, tokens)
        if problem:
            return problem
        if self.type == "email" and not is_email_address(value):
            return f"'{value}' is not an email address ('{self.id}' has type email)"
        if self.type == "url":
            try:
                check_url(value)
            except Fault as fault:
                return f"{fault} ('{self.id}' has type url)"
            if not PATTERNS["url"].fullmatch(value):
                return f"'{value}' is not an http or https URL ('{self.id}' has type url)"
        return None

    def problem_with_form(self, form: str | None, is_capital: bool = False) -> tuple[str, str, str] | None:
        """Why it cannot be used in this form, or without one: the code, the message and the hint; None if it can."""
        if self.type == "choice" and form is None:
            hint = f"Write {{{{ {self.id}.{next(iter(self.forms))} }}}}; the forms are {', '.join(self.forms)}."
            return "missing-form", f"'{self.id}' is a choice and needs a form.", hint
        if form is None or form in self.forms:
            return None
        written, *forms = [each[:1].upper() + each[1:] if is_capital else each for each in (form, *self.forms)]
        hint = guess(written, forms, "The forms are") or f"Write {{{{ {self.id} }}}}."
        return "unknown-form", f"'{self.id}' has no form '{written}'.", hint

    def text_of(self, option: str, form: str | None, capital: Language | None) -> str:
        """The text of `option` for `form`, capitalized in the language `capital` if there is one."""
        text = str(self.options[Id(option)][Id(form or "")])
        return capital.capitalized(text) if capital else text


PREFIX = "checklist"
"""The part of each id before the dot. No placeholder of data/placeholders.yml can be called this."""


CHECKLIST_PLACEHOLDERS: Mapping[str, Placeholder] = {
    f"{PREFIX}.{name}": Placeholder.model_construct(
        id=Id(f"{PREFIX}.{name}"),
        label=Located(label),
        description=Located(description),
        type="text",
        filled_by="customer",
        sample=Located(sample),
    )
    for name, label, description, sample in (
        ("done", "What is done", "The items that are ticked off, one per line.", "- The first\n- The second"),
        ("open", "What is open", "The items that are not ticked off, one per line.", "- The third"),
        ("account", "Account", "The account that the checklist is for.", "Acme"),
    )
}
"""By ids that a data file cannot have; a sample can have several lines."""

WITH_LINES = frozenset({f"{PREFIX}.done", f"{PREFIX}.open"})
"""The ids of those whose value is a list, one item per line."""
