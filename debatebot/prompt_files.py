"""Read one file of prompts/ and check it whole: front matter in YAML between two lines `---`, then a text for a model.

A wrong file is refused where it stands, with its name, the line and the cure, so that a misspelt variable fails when the
program starts and never a reader's question.
"""

from __future__ import annotations

import difflib
import hashlib
import re
import string
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import yaml

from debatebot.errors import PromptError
from debatebot.types import OutlookPreference, Perspective

ACCENTS = ("teal", "slate", "rust", "plum", "ochre", "moss", "indigo")
"""The accent colours that the page has."""

OUTLOOKS: tuple[OutlookPreference, ...] = ("hopeful", "balanced", "worried", "any")
LANGUAGES = ("fr", "en")
ROLES = ("fact", "support", "more", "plain", "absent")
BALANCED_ROLES = (*ROLES, "hopeful", "worried", "weighing")
FRAMING_VARIABLES = ("label", "language", "question")
"""What the text of a perspective may mention."""

HASH_LENGTH = 12
_KEYS = ("name", "labels", "order", "sign", "accent", "version", "outlook", "variables", "phrases")
_NAME = re.compile(r"[a-z][a-z0-9_-]*")
_LANGUAGE = re.compile(r"[a-z]{2}")
_BEFORE_HIGH_PUNCTUATION = re.compile(r" (?=[:;?!»])|(?<=«) ")

# libyaml, where it was built in, reads the files of a start eight times as fast as the same loader in Python.
_LOADER: type[yaml.SafeLoader | yaml.CSafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_Value = TypeVar("_Value", str, int, list[Any], dict[str, Any])
KeyPath = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class PromptFile:
    """A file taken apart: `front` with the `lines` of its keys (from 1), and `text`, which begins at `text_line`."""

    path: Path
    front: Mapping[str, Any]
    lines: Mapping[KeyPath, int]
    text: str
    text_line: int
    content_hash: str

    def refuse(self, error: str, line: int, **values: str) -> NoReturn:
        """Say what is wrong in `line`, and the cure."""
        raise PromptError(error, retryable=False, file=str(self.path), line=line, **values)

    def line(self, *path: str | int) -> int:
        """The line of a key, or of the nearest one around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def check_keys(self, path: KeyPath, table: Mapping[Any, object], known: Collection[str]) -> None:
        """Refuse a table that lacks one of the known keys or holds another."""
        for key in table:
            if key not in known:
                self.refuse(
                    "prompt_key_unknown", self.line(*path, str(key)), entry=_dotted(*path, key), **_choose(key, known)
                )
        for key in known:
            if key not in table:
                self.refuse("prompt_key_missing", self.line(*path), entry=_dotted(*path, key))

    def value(self, kind: type[_Value], *path: str | int) -> _Value:
        """The value at `path`, which is of this kind and not empty."""
        value: Any = self.front
        for key in path:
            value = value[key]
        if not isinstance(value, kind) or isinstance(value, bool):
            keys = {str: "prompt_not_text", int: "prompt_not_number", list: "prompt_not_list", dict: "prompt_not_table"}
            self.refuse(keys[kind], self.line(*path), entry=_dotted(*path))
        if kind is not int and not (value.strip() if isinstance(value, str) else value):
            self.refuse("prompt_value_empty", self.line(*path), entry=_dotted(*path))
        return value

    def choice(self, key: str, choices: Collection[str]) -> str:
        """The value of `key`, which is one of the choices."""
        value = self.value(str, key)
        if value not in choices:
            self.refuse("prompt_choice", self.line(key), entry=key, value=value, **_choose(value, choices))
        return value


def read(path: Path) -> PromptFile:
    """Take a file apart; what its front matter says is not judged yet.

    Raises:
        PromptError: it is not UTF-8, has no front matter, the front matter is no YAML table, or no text follows it.
    """
    whole = _decode(path)
    lines = whole.split("\n")
    end = next((at for at, line in enumerate(lines) if at and line.rstrip() == "---"), None)
    if lines[0].rstrip() != "---" or end is None:
        raise PromptError("prompt_no_front_matter", file=str(path), line=1)
    front, marks = _yaml(path, "\n".join(lines[1:end]))
    text = "\n".join(lines[end + 1 :])
    if not text.strip():
        raise PromptError("prompt_text_empty", file=str(path), line=end + 1)
    skipped = len(text) - len(text.lstrip("\n"))
    content_hash = hashlib.sha256(whole.encode()).hexdigest()[:HASH_LENGTH]
    return PromptFile(path, front, marks, text.strip(), end + 2 + skipped, content_hash)


def read_perspective(path: Path) -> Perspective:
    """A checked perspective.

    Raises:
        PromptError: something in the file is wrong: its name, the line, and the cure.
    """
    file = read(path)
    file.check_keys((), file.front, _KEYS)
    outlook = OUTLOOKS[OUTLOOKS.index(file.choice("outlook", OUTLOOKS))]
    check_variables(file, FRAMING_VARIABLES)
    return Perspective(
        name=_name(file),
        labels={language: file.value(str, "labels", language) for language in _languages(file, "labels")},
        order=file.value(int, "order"),
        sign=file.value(str, "sign"),
        accent=file.choice("accent", ACCENTS),
        version=file.value(int, "version"),
        outlook=outlook,
        phrases=_phrases(file, BALANCED_ROLES if outlook == "balanced" else ROLES),
        framing=file.text,
        content_hash=file.content_hash,
    )


def read_part(path: Path, variables: Collection[str]) -> str:
    """The checked text of a shared part, which may mention `variables`.

    Raises:
        PromptError: as `read_perspective`.
    """
    file = read(path)
    file.check_keys((), file.front, ("version", "variables"))
    file.value(int, "version")
    check_variables(file, variables)
    return file.text


def check_variables(file: PromptFile, known: Collection[str]) -> None:
    """Refuse variables that are unknown, used without being declared, or declared without being used."""
    declared = file.value(list, "variables") if file.front["variables"] != [] else []
    for at, name in enumerate(declared):
        if name not in known:
            file.refuse("prompt_variable_unknown", file.line("variables", at), name=name, **_choose(name, known))
    used = set()
    for name, line in _used_variables(file):
        if name not in known:
            file.refuse("prompt_variable_unknown", line, name=name, **_choose(name, known))
        if name not in declared:
            file.refuse("prompt_variable_undeclared", line, name=name)
        used.add(name)
    for at, name in enumerate(declared):
        if name not in used:
            file.refuse("prompt_variable_unused", file.line("variables", at), name=name)


def _used_variables(file: PromptFile) -> Iterator[tuple[str, int]]:
    for match in string.Template.pattern.finditer(file.text):
        line = file.text_line + file.text.count("\n", 0, match.start())
        if match.group("invalid") is not None:
            file.refuse("prompt_dollar", line)
        if name := match.group("named") or match.group("braced"):
            yield name, line


def _name(file: PromptFile) -> str:
    name = file.value(str, "name")
    if name != file.path.stem:
        file.refuse("prompt_name", file.line("name"), name=name, stem=file.path.stem)
    if not _NAME.fullmatch(name):
        file.refuse("prompt_name_form", file.line("name"), name=name)
    return name


def _languages(file: PromptFile, *path: str) -> tuple[str, ...]:
    table = file.value(dict, *path)
    others = [key for key in table if isinstance(key, str) and _LANGUAGE.fullmatch(key) and key not in LANGUAGES]
    file.check_keys(path, table, (*LANGUAGES, *others))
    return (*LANGUAGES, *others)


def _phrases(file: PromptFile, roles: Collection[str]) -> dict[str, dict[str, tuple[str, ...]]]:
    phrases: dict[str, dict[str, tuple[str, ...]]] = {}
    for language in _languages(file, "phrases"):
        file.check_keys(("phrases", language), file.value(dict, "phrases", language), roles)
        phrases[language] = {role: _variants(file, language, role) for role in roles}
    return phrases


def _variants(file: PromptFile, language: str, role: str) -> tuple[str, ...]:
    path = ("phrases", language, role)
    texts = [file.value(str, *path, at) for at in range(len(file.value(list, *path)))]
    return tuple(_typeset(" ".join(text.split()), language) for text in texts)


def _typeset(text: str, language: str) -> str:
    # Writers of prompts see no difference between a space and one that does not break; readers of a French page do.
    return _BEFORE_HIGH_PUNCTUATION.sub("\N{NO-BREAK SPACE}", text) if language == "fr" else text


def _decode(path: Path) -> str:
    try:
        data = path.read_bytes()
        text = data.decode("utf-8-sig")
    except OSError as error:
        raise PromptError("prompt_unreadable", file=str(path), problem=error.strerror) from None
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise PromptError("prompt_not_utf8", file=str(path), line=line) from None
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n"))


def _yaml(path: Path, text: str) -> tuple[dict[str, Any], dict[KeyPath, int]]:
    try:
        front = yaml.load(text, Loader=_LOADER)
        root = yaml.compose(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 2 if error.problem_mark else 1
        raise PromptError("prompt_yaml", file=str(path), line=line, problem=error.problem or "?") from None
    except (yaml.YAMLError, ValueError) as error:
        problem = " ".join(str(error).split())
        raise PromptError("prompt_yaml", file=str(path), line=1, problem=problem) from None
    if not isinstance(front, dict):
        raise PromptError("prompt_no_front_matter", file=str(path), line=1)
    marks: dict[KeyPath, int] = {}
    for key_path, line in _key_lines(root, ()):
        if key_path in marks:
            raise PromptError("prompt_key_twice", file=str(path), line=line, entry=_dotted(*key_path))
        marks[key_path] = line
    return front, marks


def _key_lines(node: yaml.Node | None, path: KeyPath) -> Iterator[tuple[KeyPath, int]]:
    if len(path) > len(("phrases", "language", "role", "variant")):
        return  # nothing of ours is as deep: an alias that holds itself
    children: list[tuple[str | int, yaml.Node, yaml.Node]] = []
    if isinstance(node, yaml.MappingNode):
        children = [(str(key.value), key, value) for key, value in node.value]
    elif isinstance(node, yaml.SequenceNode):
        children = [(at, value, value) for at, value in enumerate(node.value)]
    for name, marked, value in children:
        yield (*path, name), marked.start_mark.line + 2  # lines count from 1, and the first one is `---`
        yield from _key_lines(value, (*path, name))


def _choose(value: object, known: Collection[str]) -> dict[str, str]:
    """What a message says of a wrong word: the nearest known one first."""
    near = difflib.get_close_matches(str(value), known, n=1)
    return {"known": ", ".join(dict.fromkeys((*near, *sorted(known))))}


def _dotted(*path: object) -> str:
    return ".".join(str(part) for part in path)
