"""The paragraphs of a plain-text mail, so that its HTML says exactly the same."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Paragraph:
    """Some lines; with `link` they are the label of that link."""

    text: str
    link: str = ""


def split_paragraphs(text: str, base_url: str) -> list[Paragraph]:
    """Cut a mail at its empty lines; a line that is only an address of ours is a link with a label."""
    found: list[Paragraph] = []
    for block in text.replace("\r\n", "\n").split("\n\n"):
        lines = [line.strip() for line in block.strip().split("\n") if line.strip()]
        if lines and lines[-1].startswith(base_url) and " " not in lines[-1]:
            label = " ".join(lines[:-1]).rstrip(":：") or lines[-1]
            found.append(Paragraph(label, lines[-1]))
        elif lines:
            found.append(Paragraph("\n".join(lines)))
    return found
