"""A buyer's own programme as fields: what may differ from the programme it starts from."""

from collections.abc import Collection, Mapping
from typing import Any

import msgspec
from django import forms
from django.conf import settings
from django.utils import timezone, translation
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.audits.document import (
    MOST_DATA_POINTS,
    MOST_MONTHS,
    Band,
    Kind,
    Manager,
    Programme,
    Recognition,
    ScoreRule,
    Severity,
    Text,
)
from assessments.findings.clocks import Clock
from assessments.findings.enums import ActionManager
from portal.lib.errors import DomainError
from portal.lib.formats import shown_date
from portal.lib.texts import pick_text

TITLE_LENGTH, NOTE_LENGTH, CODE_LENGTH = 150, 2000, 60
TOP_LIMIT, LOSS_LIMIT = 1000, 9999


def plain_number(value: float | None) -> float | int | None:
    """Return 20 for 20.0, so that a field shows no empty decimal."""
    return int(value) if value is not None and value == int(value) else value


class ProgrammeForm(forms.Form):
    """Everything about a programme but its clocks, which have a table, and its checkpoints and topics, which stay."""

    # The own version the page was opened on; another one by now is a conflict.
    base_version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        base: Programme,
        base_version: int | None,
        taken: Collection[str] = (),
    ) -> None:
        super().__init__(data, initial={"base_version": base_version})
        self.base, self.taken = base, taken
        if base_version is None:
            self.fields["code"] = code_field(base)
        for code, name in settings.LANGUAGES:
            self.fields[f"title_{code}"] = text_field(_("Name"), name, base.title.get(code, ""), required=code == "en")
            note = text_field(_("Note"), name, base.note.get(code, ""), required=code == "en", lines=3)
            self.fields[f"note_{code}"] = note
        self.add_rules()
        self.add_score()
        for severity in Severity:
            self.fields[f"manager_{severity}"] = forms.ChoiceField(
                label=self.word_of(severity), choices=ActionManager.choices, initial=base.manager_of(severity)
            )

    def word_of(self, severity: Severity) -> str:
        """Return what the programme calls a severity."""
        return pick_text(self.base.grade(severity).title)[0]

    def add_rules(self) -> None:
        """Add the months of each kind, the data points and the outer limit."""
        self.fields["data_points"] = forms.IntegerField(
            label=_("Data points for each checkpoint"), min_value=0, max_value=MOST_DATA_POINTS,
            initial=self.base.data_points,
            help_text=_("What was seen, heard or read, at least so often, before a draft may be handed over."),
        )  # fmt: skip
        for kind in self.base.kinds:
            self.fields[f"months_{kind.code}"] = forms.IntegerField(
                label=_("%(kind)s: validity in months") % {"kind": pick_text(kind.title)[0]},
                min_value=1, max_value=MOST_MONTHS, required=False, initial=kind.validity_months,
            )  # fmt: skip
        self.fields["outer_limit_months"] = forms.IntegerField(
            label=_("Months until everything is settled"), min_value=1, max_value=MOST_MONTHS, required=False,
            initial=self.base.outer_limit_months,
        )  # fmt: skip

    def add_score(self) -> None:
        """Add the numbers of the score and the score each level is reached from."""
        rule = self.base.score
        self.fields["top"] = forms.FloatField(
            label=_("Best score"), min_value=1, max_value=TOP_LIMIT, required=False,
            initial=plain_number(rule.top) if rule else None,
            help_text=_("Reached when everything conforms. Leave it empty for a programme without a score."),
        )  # fmt: skip
        for severity in Severity:
            self.fields[f"deduction_{severity}"] = forms.FloatField(
                label=_("%(grade)s: points off for each finding") % {"grade": self.word_of(severity)},
                min_value=0, max_value=LOSS_LIMIT // len(self.base.points), required=False,
                initial=plain_number(self.base.grade(severity).deduction),
            )  # fmt: skip
        self.fields["not_reviewed_conforms"] = forms.BooleanField(
            label=_("What was not reviewed counts as conform"), required=False,
            initial=bool(rule and rule.not_reviewed_conforms),
        )  # fmt: skip
        for level in self.base.recognition:
            self.fields[f"level_{level.code}"] = forms.FloatField(
                label=_("%(level)s from a score of") % {"level": pick_text(level.title)[0]},
                required=False, initial=plain_number(level.score), help_text=_("Leave it empty to drop this level."),
            )  # fmt: skip

    # Groups, for the page ---------------------------------------------------------------------------
    def group(self, *starts: str) -> list[forms.BoundField]:
        """Return the fields whose names start so, in the order of the form."""
        return [self[name] for name in self.fields if name.startswith(starts)]

    @property
    def english(self) -> list[forms.BoundField]:
        """Name and note in English, which every programme has."""
        return [self["title_en"], self["note_en"]]

    @property
    def translations(self) -> list[forms.BoundField]:
        """Name and note in the other languages."""
        return [field for field in self.group("title_", "note_") if not field.name.endswith("_en")]

    @property
    def has_wrong_translations(self) -> bool:
        """Whether an error stands among them, which are folded away else."""
        return any(field.errors for field in self.translations)

    @property
    def months(self) -> list[forms.BoundField]:
        """Validity by kind, and the outer limit."""
        return self.group("months_", "outer_limit_months")

    @property
    def deductions(self) -> list[forms.BoundField]:
        """Points off by severity."""
        return self.group("deduction_")

    @property
    def levels(self) -> list[forms.BoundField]:
        """Scores of the levels."""
        return self.group("level_")

    @property
    def managers(self) -> list[forms.BoundField]:
        """Who manages, by severity."""
        return self.group("manager_")

    # Clean values -----------------------------------------------------------------------------------
    def clean_code(self) -> str:
        """A short name in small letters that no other programme of the buyer has."""
        code = str(self.cleaned_data["code"]).lower()
        if code in self.taken:
            raise forms.ValidationError(_("Another programme has this short name. Choose a different one."))
        return code

    def clean(self) -> dict[str, Any]:
        """Levels go down from the best score, and there are none without a score."""
        super().clean()
        limit = self.cleaned_data.get("top")
        for field in self.levels:
            score = self.cleaned_data.get(field.name)
            if score is None:
                continue
            if self.cleaned_data.get("top") is None and "top" not in self.errors:
                self.add_error(field.name, _("Without a best score there is no level. Empty this, too."))
            elif limit is not None and score > limit:
                limit_shown = plain_number(limit)
                self.add_error(field.name, _("Levels go down: at most %(limit)s here.") % {"limit": limit_shown})
            limit = score
        return self.cleaned_data

    def add_refusal(self, error: DomainError) -> None:
        """Put the sentence of a service beside its field."""
        self.add_error(error.code if error.code in self.fields else None, error.message)

    def build(self, clocks: tuple[Clock, ...], *, owner: str) -> Programme:
        """Return the programme entered; read it after is_valid(). `owner` is named in the note of a changed formula."""
        given = self.cleaned_data
        return msgspec.structs.replace(
            self.base,
            code=given.get("code") or self.base.code,
            title=self.text("title"),
            note=self.text("note"),
            kinds=tuple(self.kind(kind) for kind in self.base.kinds),
            grades=tuple(
                msgspec.structs.replace(grade, deduction=given[f"deduction_{grade.severity}"] or 0.0)
                for grade in self.base.grades
            ),
            clocks=clocks,
            managers=self.managed(),
            data_points=given["data_points"],
            score=self.score(owner),
            recognition=self.recognition(),
            bands=self.bands(),
            outer_limit_months=given["outer_limit_months"],
        )

    def kind(self, kind: Kind) -> Kind:
        """Return a kind with the months entered for it."""
        return msgspec.structs.replace(kind, validity_months=self.cleaned_data[f"months_{kind.code}"])

    def text(self, name: str) -> Text:
        """Return the words entered by language, empty ones left out."""
        words = {code: self.cleaned_data[f"{name}_{code}"].strip() for code, _name in settings.LANGUAGES}
        return {code: word for code, word in words.items() if word}

    def managed(self) -> dict[str, Manager]:
        """Return who manages by severity, where it is not whoever manages the rest."""
        chosen = {str(one): Manager(self.cleaned_data[f"manager_{one}"]) for one in Severity}
        return {severity: manager for severity, manager in chosen.items() if manager is not self.base.manager}

    def score(self, owner: str) -> ScoreRule | None:
        """Return the rule entered: that of the base while no number differs, else one that says whose it is."""
        top, as_conform = self.cleaned_data["top"], self.cleaned_data["not_reviewed_conforms"]
        if top is None:
            return None
        rule = self.base.score
        lost = {str(one): self.cleaned_data[f"deduction_{one}"] or 0.0 for one in Severity}
        before = {str(grade.severity): grade.deduction for grade in self.base.grades}
        if rule and (rule.top, rule.not_reviewed_conforms, before) == (top, as_conform, lost):
            return rule
        floor = rule.floor if rule else None
        return ScoreRule(top=top, note=own_note(owner), floor=floor, not_reviewed_conforms=as_conform)

    def recognition(self) -> tuple[Recognition, ...]:
        """Return the levels that kept a score."""
        scores = {level.code: self.cleaned_data[f"level_{level.code}"] for level in self.base.recognition}
        kept = (level for level in self.base.recognition if scores[level.code] is not None)
        return tuple(msgspec.structs.replace(level, score=scores[level.code]) for level in kept)

    def bands(self) -> tuple[Band, ...]:
        """Return the colours of the score, moved with the best score."""
        top, rule = self.cleaned_data["top"], self.base.score
        if top is None or rule is None:
            return ()
        return tuple(
            band if band.above is None else msgspec.structs.replace(band, above=round(band.above * top / rule.top, 1))
            for band in self.base.bands
        )


def code_field(base: Programme) -> forms.RegexField:
    """Return the field for the short name of a programme that does not stand among the buyer's own yet."""
    return forms.RegexField(
        r"^[A-Za-z0-9][A-Za-z0-9._-]*$", label=_("Short name"), max_length=CODE_LENGTH, initial=base.code,
        error_messages={"invalid": _("Letters, digits, hyphens, dots and underscores only, without spaces.")},
        help_text=_("Kept as it is, your version is used instead of the one it starts from. With another short name it "
                    "stands beside it."),
    )  # fmt: skip


def text_field(label: str, language: str, value: str, *, required: bool, lines: int = 1) -> forms.CharField:
    """Return a field for words in one language."""
    named = format_lazy("{} ({})", label, gettext_lazy(language))
    if lines == 1:
        return forms.CharField(label=named, required=required, initial=value, max_length=TITLE_LENGTH)
    area = forms.Textarea(attrs={"rows": lines})
    return forms.CharField(label=named, required=required, initial=value, max_length=NOTE_LENGTH, widget=area)


def own_note(owner: str) -> Text:
    """Return where a changed formula comes from, in every language: whose it is and since when."""
    note = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            day = shown_date(timezone.localdate())
            note[code] = _("Set by %(owner)s on %(day)s.") % {"owner": owner, "day": day}
    return note
