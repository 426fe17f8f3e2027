"""What nobody has decided yet."""

from collections.abc import Iterator

from handover.model.catalog import Catalog
from handover.model.diagnostic import Diagnostic, warning
from handover.model.document import Composition


def open_questions(catalog: Catalog, composition: Composition) -> Iterator[Diagnostic]:
    """Each open question, with its owner."""
    for playbook in catalog.playbooks.values():
        for question in playbook.questions:
            words = " ".join(question.question.split())
            yield warning(
                question.id.place,
                "open-question",
                f"{question.id.upper()}: {words}",
                f"{question.owner} has to answer; then delete the question.",
                len(question.id),
            )


RULES = (open_questions,)
