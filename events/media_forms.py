"""The forms of an event's speakers, pictures and documents."""

from pathlib import PurePosixPath

from django import forms
from django.contrib.admin.widgets import AdminFileWidget
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import FileExtensionValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from modeltranslation.utils import build_localized_fieldname as in_language

from events import documents, pictures
from events.file_names import is_file_name
from events.models import DOCUMENT_KINDS
from events.row_forms import OfAnEvent
from omep_site.lib.links import languages


class PictureInput(AdminFileWidget):
    """Shows the picture that is there."""

    template_name = "widgets/picture.html"

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        if context["widget"]["is_initial"]:
            smallest = pictures.copies_of(value.instance)[0]
            context["widget"] |= {"thumbnail": value.storage.url(smallest.webp or smallest.name)}
        return context


class DocumentInput(AdminFileWidget):
    """Names the file that is there as a reader would save it."""

    template_name = "widgets/document.html"

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        if context["widget"]["is_initial"]:
            shown = {"shown_name": PurePosixPath(value.name).name, "about": documents.kind_and_size(value.name)}
            context["widget"] |= shown
        return context


class PictureField(forms.FileField):
    """A picture; a new one comes out as its widest copy, with all the others as `made`."""

    # With this, an iPhone sends its photos as JPEG.
    widget = PictureInput(attrs={"accept": "image/jpeg,image/png,image/webp,image/gif"})
    make = staticmethod(pictures.make)

    def to_python(self, data):
        file = super().to_python(data)
        if file is None:
            return None
        made = self.make(file)
        widest = ContentFile(made.copies[made.name], name=made.name)
        widest.made, widest.uploaded = made, file.name
        return widest


class PortraitField(PictureField):
    make = staticmethod(pictures.make_portrait)


class SpeakerForm(OfAnEvent, forms.ModelForm):
    picture = PortraitField(
        label=gettext_lazy("Portrait"),
        required=False,
        help_text=gettext_lazy(
            "JPEG, PNG, WebP or GIF, up to 15 MB. The site cuts a square out of it, from the middle or from the top. "
            "Ask the person whether you may show it."
        ),
    )

    def save(self, commit=True):
        if made := getattr(self.cleaned_data.get("picture"), "made", None):
            pictures.store(made)
            self.instance.picture = made.name
        return super().save(commit)


class PictureForm(OfAnEvent, forms.ModelForm):
    """A picture says what it shows, or that it is only decoration."""

    words_needed = ("alt",)

    file = PictureField(
        label=gettext_lazy("Picture"),
        help_text=gettext_lazy(
            "JPEG, PNG, WebP or GIF, up to 15 MB. The site makes smaller copies of it and leaves out where and when it "
            "was taken."
        ),
    )

    def find_states(self):
        if self.instance.decorative:
            self.words_needed = ()
        return super().find_states()

    def clean(self):
        data = super().clean()
        self.refuse_file_names(data)
        alts = {language: data.get(in_language("alt", language)) for language in languages()}
        if data.get("decorative"):
            if any(alts.values()):
                sentence = _("A picture that shows something is not only decoration: empty its description, or untick.")
                self.add_error("decorative", sentence)
            return data
        event = data.get("event")
        # Whoever reads the event in a language is told in it what its pictures show.
        needed = event.complete_languages() if event else []
        if not needed and not any(alts.values()):
            needed = [event.source_language if event else languages()[0]]
        for language in needed:
            column = in_language("alt", language)
            if not alts[language] and column not in self.errors:
                sentence = _("Write what the picture shows, or tick “only decoration”.")
                self.add_error(column, ValidationError(sentence, code="alt_missing"))
        return data

    def refuse_file_names(self, data):
        sentences = {
            "alt": _("This is the name of a file. Write what the picture shows, as you would tell it on the phone."),
            "caption": _("This is the name of a file. Write what readers should know of the picture, or nothing."),
        }
        for field, sentence in sentences.items():
            for language in languages():
                column = in_language(field, language)
                if is_file_name(data.get(column) or "", getattr(data.get("file"), "uploaded", "")):
                    self.add_error(column, ValidationError(sentence, code="file_name"))

    def save(self, commit=True):
        if made := getattr(self.cleaned_data.get("file"), "made", None):
            pictures.store(made)
            self.instance.file = made.name
        return super().save(commit)


class DocumentForm(OfAnEvent, forms.ModelForm):
    """A document is a file or a link in one language at least, with a title."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for language in languages():
            field = self.fields[in_language("file", language)]
            field.validators = [each for each in field.validators if not isinstance(each, FileExtensionValidator)]
            field.max_length = None  # it is kept under a name of its own (documents.named)
            field.widget.attrs["accept"] = ",".join(f".{kind}" for kind in DOCUMENT_KINDS)

    def clean(self):
        data = super().clean()
        if data.get("DELETE"):
            return data
        for language in languages():
            column = in_language("file", language)
            if isinstance(data.get(column), UploadedFile):
                try:
                    documents.check(data[column])
                except ValidationError as error:
                    self.add_error(column, error)
                else:
                    data[column] = documents.named(data[column])
        self.ask_for_all(data)
        return data

    def ask_for_all(self, data):
        there = []
        for language in languages():
            file, url, title = (in_language(field, language) for field in ("file", "url", "title"))
            if data.get(file) and data.get(url):
                self.add_error(url, _("Give a file or a link: readers are offered one of them."))
            if data.get(file) or data.get(url) or {file, url} & self.errors.keys():
                there.append(language)
                if not data.get(title) and title not in self.errors:
                    self.add_error(title, _("Write a title: it is what the link says."))
        if not there:
            column = in_language("file", self.data_language(data))
            self.add_error(column, _("Choose a file or write a link, in one language at least."))

    def data_language(self, data) -> str:
        """The language that the editor began to write."""
        titled = [language for language in languages() if data.get(in_language("title", language))]
        return (titled or languages())[0]
