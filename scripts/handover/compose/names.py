"""Names in content, looked up: an unknown placeholder or link is a problem with a suggestion."""

from dataclasses import dataclass, field

from handover.model.catalog import Catalog
from handover.model.diagnostic import Diagnostic, Place, error, unknown
from handover.model.nodes import Link, Placeholder
from handover.model.spelling import guess


@dataclass(slots=True)
class Names:
    """Looks names up in `catalog`, and adds problems to `found`."""

    catalog: Catalog
    found: list[Diagnostic] = field(default_factory=list)

    def placeholder(self, written: str, place: Place) -> Placeholder:
        """The placeholder that is `written` between the braces, as in `name` or `name.Form`."""
        name, dot, form = written.partition(".")
        capital = form[:1].isupper()
        placeholder = Placeholder(name, (form[:1].lower() + form[1:]) if dot else None, capital, place)
        known = self.catalog.placeholders.get(name)
        if not name:
            message = "the placeholder has no name."
            self._report(place, "unknown-placeholder", message, "Write {{ name }}.", "{{")
            return placeholder
        if known is None:
            if not self.catalog.excuses("placeholders", name):
                hint = guess(name, self.catalog.placeholders, "Add it there. The placeholders are")
                message = f"'{name}' is not in data/placeholders.yml."
                self.found.append(unknown(name, place, "placeholder", message, hint))
        elif known.type == "choice" and placeholder.form is None:
            first = next(iter(known.forms))
            self._report(
                place,
                "missing-form",
                f"'{name}' is a choice and needs a form.",
                f"Write {{{{ {name}.{first} }}}}; the forms are {', '.join(known.forms)}.",
                name,
            )
        elif placeholder.form is not None and placeholder.form not in known.forms:
            forms = [each[:1].upper() + each[1:] if capital else str(each) for each in known.forms]
            hint = guess(form, forms, "The forms are") or f"Write {{{{ {name} }}}}."
            form_place = Place(place.path, place.line, place.column + len(name) + 1)
            self._report(form_place, "unknown-form", f"'{name}' has no form '{form}'.", hint, form)
        return placeholder

    def link(self, written: str, place: Place) -> Link:
        """The link with the id that is `written` in the second pair of brackets, without its words."""
        if written not in self.catalog.links and not self.catalog.excuses("links", written):
            hint = guess(written, self.catalog.links, "Add it there. The links are")
            message = f"'{written}' is not in data/links.yml."
            self.found.append(unknown(written, place, "link", message, hint))
        return Link(written, (), place)

    def unclosed(self, place: Place) -> None:
        """Report a placeholder that never ends."""
        self._report(
            place,
            "unclosed-placeholder",
            "the placeholder that starts here never ends.",
            "Write it as {{ name }}, on one line.",
            "{{",
        )

    def _report(self, place: Place, code: str, message: str, hint: str | None, covered: str) -> None:
        self.found.append(error(place, code, message, hint, max(len(covered), 1)))
