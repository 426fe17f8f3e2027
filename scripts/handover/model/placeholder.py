"""`data/placeholders.yml`: every blank that a person or a platform fills."""

import re
from typing import Literal, Self

from pydantic import StrictBool, model_validator

from handover.model.base import Fault, Model
from handover.model.located import Id, Located
from handover.model.spelling import guess

Filler = Literal["sender", "team", "customer", "platform"]

LOCAL_PART = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
"""Before the @ of an email address, what RFC 5322 lets stand without quotes. Not every server takes more."""

PATTERNS = {
    "email": re.compile(LOCAL_PART + r"@(?:[A-Za-z0-9-]+\.)+[A-Za-z0-9-]+", re.IGNORECASE),
    "url": re.compile(r"https?://[^\s<>\"'`{}|\\^\[\]]+", re.IGNORECASE),
}
"""What a value has to match as a whole, by type; the page of a message holds it to the same."""


class Placeholder(Model):
    """One blank."""

    id: Id
    """The name that content uses: `{{ customer_name }}`."""
    label: Located
    """How people read it: the form's label, and in the handbook the words between the brackets."""
    description: Located
    """What to fill in, in a sentence."""
    type: Literal["text", "email", "url", "choice"] = "text"
    """What may be filled in."""
    filled_by: Filler
    """Who or what knows the value; also whom the value is about."""
    sample: Located
    """The value that previews show; for a choice the name of an option."""
    fallback: Located | None = None
    """What a platform writes when it does not know the value, for example `there`."""
    optional: StrictBool = False
    """True for a blank that only addresses the mail: it may stay empty, and no text may use it."""
    forms: dict[Id, Located] = {}
    """For a choice: each grammatical form, and how the handbook reads it between brackets."""
    options: dict[Id, dict[Id, Located]] = {}
    """For a choice: each option with its text for every form."""
    neutral: Located | None = None
    """For a choice: the option that is written where nobody can be asked."""

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.type == "choice":
            self._choice_is_whole()
        for key in ("forms", "options", "neutral"):
            if self.type != "choice" and getattr(self, key):
                message = (
                    f"'{key}' is only for a placeholder of type 'choice', and '{self.id}' is of type '{self.type}'"
                )
                raise Fault(message, key, hint="Write 'type: choice', or delete the key.", at_key=True)
        problem = self.problem_with(self.sample)
        if problem:
            raise Fault(problem, "sample", hint=f"Write {self._example()}.")
        return self

    def _choice_is_whole(self) -> None:
        for key in ("forms", "options", "neutral"):
            if not getattr(self, key):
                raise Fault(f"the choice '{self.id}' needs '{key}'", hint=f"Add a line '{key}: …'.")
        for form in self.forms:
            if not any(form in texts for texts in self.options.values()):
                others = [other for texts in self.options.values() for other in texts if other not in self.forms]
                cure = guess(form, others, "The options have") or "Give every option a text for it."
                raise Fault(f"no option has a text for the form '{form}'", "forms", str(form), hint=cure, at_key=True)
        for option, texts in self.options.items():
            for form in texts:
                if form not in self.forms:
                    missing = [other for other in self.forms if other not in texts]
                    hint = guess(form, missing or self.forms, "The forms are")
                    message = f"'{form}' is none of the forms of '{self.id}'"
                    raise Fault(message, "options", str(option), str(form), hint=hint, at_key=True)
            for form in self.forms:
                if form not in texts:
                    message = f"the option '{option}' has no text for the form '{form}'"
                    raise Fault(message, "options", str(option), hint=f"Add '{form}: …' to it.", at_key=True)
        if self.neutral not in self.options:
            near = guess(str(self.neutral), self.options, "The options are")
            raise Fault(f"'{self.neutral}' is none of the options", "neutral", hint=near)

    def _example(self) -> str:
        """What could be filled in."""
        match self.type:
            case "choice":
                return f"one of {', '.join(self.options)}"
            case "email":
                return "an email address, like name@host.example"
            case "url":
                return "a whole address, like https://host.example/page"
            case _:
                return "some words"

    def problem_with(self, value: str) -> str | None:
        """Why `value` cannot be filled in here, as a sentence without a full stop; None when it can."""
        if self.type == "choice" and value not in self.options:
            return f"'{value}' is not an option of '{self.id}': {', '.join(self.options)}"
        if self.type == "email" and not PATTERNS["email"].fullmatch(value):
            return f"'{value}' is not an email address ('{self.id}' is of type email)"
        if self.type == "url" and not PATTERNS["url"].fullmatch(value):
            return f"'{value}' is not an http or https address ('{self.id}' is of type url)"
        return None

    def text_of(self, option: str, form: str | None, capital: bool) -> str:
        """The text that `option` has for `form`, its first letter a capital when `capital` is true."""
        text = str(self.options[Id(option)][Id(form or "")])
        return text[:1].upper() + text[1:] if capital else text
