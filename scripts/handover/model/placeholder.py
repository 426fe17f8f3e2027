"""`data/placeholders.yml`: every blank that a person or a platform fills."""

import re
from typing import Literal, Self

from pydantic import StrictBool, model_validator

from handover.model.base import Fault, Model
from handover.model.located import Id, Located

Filler = Literal["sender", "team", "customer", "platform"]

_EMAIL = re.compile(r"[^@\s<>\"(),:;]+@[^@\s<>\"(),:;]+\.[^@\s<>\"(),:;.]+")
_URL = re.compile(r"https?://[^\s<>\"'`{}|\\^\[\]]+", re.IGNORECASE)


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
                raise Fault(
                    f"'{key}' is only for a placeholder of type 'choice', and '{self.id}' is of type '{self.type}'", key
                )
        problem = self.problem_with(self.sample)
        if problem:
            raise Fault(problem, "sample")
        return self

    def _choice_is_whole(self) -> None:
        if not self.forms or not self.options or self.neutral is None:
            raise Fault(f"the choice '{self.id}' needs 'forms', 'options' and 'neutral'")
        for option, texts in self.options.items():
            if set(texts) != set(self.forms):
                forms = ", ".join(self.forms)
                raise Fault(f"the option '{option}' has to give exactly the forms {forms}", "options", str(option))
        if self.neutral not in self.options:
            raise Fault(f"'{self.neutral}' is none of the options: {', '.join(self.options)}", "neutral")

    def problem_with(self, value: str) -> str | None:
        """Why `value` cannot be filled in here, as a sentence without a full stop; None when it can."""
        if self.type == "choice" and value not in self.options:
            return f"'{value}' is not an option of '{self.id}': {', '.join(self.options)}"
        if self.type == "email" and not _EMAIL.fullmatch(value):
            return f"'{value}' is not an email address ('{self.id}' is of type email)"
        if self.type == "url" and not _URL.fullmatch(value):
            return f"'{value}' is not an http or https address ('{self.id}' is of type url)"
        return None

    def text_of(self, option: str, form: str | None, capital: bool) -> str:
        """The text that `option` has for `form`, its first letter a capital when `capital` is true."""
        text = str(self.options[Id(option)][Id(form or "")])
        return text[:1].upper() + text[1:] if capital else text
