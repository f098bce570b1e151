"""From the lines of a model to claims: what counts as a marker, what it stands for, and what is left of the text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from debatebot.citations import ClaimReader, parse_line
from debatebot.types import ClaimKind, DraftClaim
from tests.fakes import make_evidence

EVIDENCE = make_evidence()
KNOWN = {item.number for item in EVIDENCE}
REFUSAL = "INSUFFICIENT"

Parsed = tuple[str, str, list[int], int]


def parsed(line: str) -> Parsed | None:
    claim = parse_line(line, EVIDENCE)
    return shown(claim) if claim else None


def shown(claim: DraftClaim) -> Parsed:
    return claim.kind, claim.text, [citation.number for citation in claim.citations], claim.dropped_markers


# --- markers --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("markers", "numbers", "dropped"),
    [
        ("[1]", [1], 0),
        ("[1][4]", [1, 4], 0),
        ("[4] [1]", [4, 1], 0),
        ("[1, 4]", [1, 4], 0),
        ("[1,4]", [1, 4], 0),
        ("[1;4]", [1, 4], 0),
        ("[1 et 4]", [1, 4], 0),
        ("[1][1][2][1]", [1, 2], 0),
        ("[1-3]", [1, 2, 3], 0),
        ("[2–3, 5]", [2, 3, 5], 0),
        ("[1-9]", [], 1),
        ("[5-7]", [], 1),
        ("[3-1]", [], 1),
        ("[1-999999999]", [], 1),
        ("【2】", [2], 0),
        ("［2］", [2], 0),
        ("[^2]", [2], 0),
        (r"\[2\]", [2], 0),
        ("[[2]]", [2], 0),
        ("<sup>[2]</sup>", [2], 0),
        ("[2](https://example.org/a)", [2], 0),
        ("[9]", [], 1),
        ("[2][9][17]", [2], 2),
        ("[0]", [], 1),
        ("[-1]", [], 1),
        ("[1.5]", [], 1),
        ("[" + "9" * 5_000 + "]", [], 1),
        ("[2", [], 1),
        ("(1)", [], 0),
        ("", [], 0),
    ],
)
def test_a_marker_stands_for_evidence_or_is_dropped_and_counted(markers: str, numbers: list[int], dropped: int) -> None:
    claim = parse_line(f"FACT: Bills fell {markers}", EVIDENCE)
    assert claim
    assert ([citation.number for citation in claim.citations], claim.dropped_markers) == (numbers, dropped)
    assert all(citation.sentence == EVIDENCE[citation.number - 1].sentence for citation in claim.citations)
    assert claim.text == ("Bills fell (1)" if markers == "(1)" else "Bills fell")


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("Bills fell [1].", "Bills fell."),
        ("Bills fell. [1]", "Bills fell."),
        ("Bills [1] fell.", "Bills fell."),
        ("Bills[1]fell.", "Bills fell."),
        ("Bills fell, [1].", "Bills fell."),
        ("Bills fell, [1] then rose, [2]", "Bills fell, then rose"),
        ("Bills fell [1], then rose [2] .", "Bills fell, then rose."),
        ("Bills fell [1], [2] and [3]; then rose.", "Bills fell; then rose."),
        ("Bills fell (see [1]) at once ([2]).", "Bills fell (see) at once."),
        ("[1] Bills fell.", "Bills fell."),
        ("Elle a dit « oui [1] » hier.", "Elle a dit « oui » hier."),
        ("Les factures [1]\xa0: en baisse\xa0!", "Les factures\xa0: en baisse\xa0!"),
        ("She said [sic] it [1].", "She said [sic] it."),
        ("It costs 5 * 3 = 15 in snake_case [1].", "It costs 5 * 3 = 15 in snake_case."),
        ("The **solar** park is *clean* and `cheap` [1].", "The solar park is clean and cheap."),
        ("Read [the report](https://example.org) now [1].", "Read the report now."),
        ("<quoted-07ab> Bills fell. </quoted-07ab>", "Bills fell."),
        ("E\u0301tude   finie\tici [1].", "\u00c9tude finie ici."),
    ],
)
def test_markers_and_markdown_leave_no_trace(line: str, text: str) -> None:
    claim = parse_line(f"FACT: {line}", EVIDENCE)
    assert claim
    assert claim.text == text


# --- kinds ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        ("FACT: ", "fact"),
        ("fact: ", "fact"),
        ("FAIT : ", "fact"),
        ("FAIT\xa0: ", "fact"),
        ("INFERENCE: ", "inference"),
        ("INFÉRENCE : ", "inference"),
        ("Inférence: ", "inference"),
        ("OPINION: ", "opinion"),
        ("Avis : ", "opinion"),
        ("FACTS: ", "fact"),
        ("FACT 1: ", "fact"),
        ("**FACT:** ", "fact"),
        ("**FACT**: ", "fact"),
        ("[OPINION] ", "opinion"),
        ("- FACT: ", "fact"),
        ("* FACT: ", "fact"),
        ("1. OPINION: ", "opinion"),
        ("2) **OPINION:** ", "opinion"),
        ("> • FACT: ", "fact"),
        ("", "inference"),
        ("- ", "inference"),
        ("3. ", "inference"),
    ],
)
def test_the_kind_is_read_and_does_not_stay_in_the_text(head: str, kind: ClaimKind) -> None:
    assert parsed(f"{head}Bills fell [3].") == (kind, "Bills fell.", [3], 0)


@pytest.mark.parametrize("line", ["Fact checkers agree [1].", "Facts matter [1].", "Opinions differ [1]."])
def test_a_word_that_is_also_a_kind_stays(line: str) -> None:
    assert parsed(line) == ("inference", line.replace(" [1]", ""), [1], 0)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "   ",
        "# Answer",
        "```",
        "---",
        "Here are my claims:",
        "[1][2]",
        "FACT:",
        "**",
        "- ",
        "<quoted-07ab>",
        "FACT: </quoted-07ab>",
    ],
)
def test_a_line_that_states_nothing_is_no_claim(line: str) -> None:
    assert parsed(line) is None


def test_a_statement_without_citation_is_kept_and_shows_it() -> None:
    assert parsed("The park will save the town.") == ("inference", "The park will save the town.", [], 0)


# --- whatever comes -------------------------------------------------------------------------------------------------

MARKUP = st.text(st.sampled_from("[]【】(){}^†*_`<>/\\#-–,;:. \n\t\xa0«»0123456789aéFACT"), max_size=60)
ANY_TEXT = st.one_of(st.text(max_size=80), MARKUP)
A_MARKER = re.compile(r"[\[【［]\s*\^?\s*\d[\d\s,;]*[\]】］]")


@given(ANY_TEXT)
@example("FACT: a [1[2]3] b")
@example("[[[1]2]3]")
@example("a [_1_] 【2`]")
@example("[" * 500 + "1" + "]" * 500)
def test_citations_are_always_among_the_evidence_and_no_marker_is_left(line: str) -> None:
    claim = parse_line(line, EVIDENCE)
    if claim is None:
        return
    assert {citation.number for citation in claim.citations} <= KNOWN
    assert len({citation.number for citation in claim.citations}) == len(claim.citations)
    assert not A_MARKER.search(claim.text)
    assert claim.text == claim.text.strip()
    assert "\n" not in claim.text
    assert unicodedata.is_normalized("NFC", claim.text)


@given(st.text(st.characters(categories=("L", "N")), min_size=1), st.lists(st.sampled_from(sorted(KNOWN))))
def test_words_and_numbers_survive_the_way_there_and_back(words: str, numbers: list[int]) -> None:
    line = f"OPINION: {words}" + "".join(f"[{number}]" for number in numbers)
    text = unicodedata.normalize("NFC", words)
    assert parsed(line) == ("opinion", text, list(dict.fromkeys(numbers)), 0)


# --- streams --------------------------------------------------------------------------------------------------------


def read(pieces: Iterable[str]) -> tuple[list[str | Parsed], ClaimReader]:
    reader = ClaimReader(EVIDENCE, REFUSAL)
    events = [event for piece in pieces for event in reader.feed(piece)]
    events += reader.finish()
    return [event if isinstance(event, str) else shown(event) for event in events], reader


def claims(events: list[str | Parsed]) -> list[Parsed]:
    return [event for event in events if not isinstance(event, str)]


MARKED_UP = r"FACT: Read **[the report](https://example.org)** now, *truly* now [sic], \[1\], <sup>[2]</sup> and [3]."
REPLY = "FACT: The **park** opened in 2024 [1]. It rose [2], then fell.\n- OPINION: good « yes » [3] : oui !\nFAIT : fini [9]."
REPLY_CLAIMS = [
    ("fact", "The park opened in 2024. It rose, then fell.", [1, 2], 0),
    ("opinion", "good « yes » : oui !", [3], 0),
    ("fact", "fini.", [], 1),
]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1_000])
@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (REPLY, REPLY_CLAIMS),
        (MARKED_UP, [("fact", "Read the report now, truly now [sic].", [1, 2, 3], 0)]),
        ("FACT: <quoted-07ab> Bills fell [3].</quoted-07ab>", [("fact", "Bills fell.", [3], 0)]),
    ],
    ids=["plain", "marked up", "fenced"],
)
def test_the_words_shown_are_those_of_the_claim_that_follows(reply: str, expected: list[Parsed], size: int) -> None:
    events, _ = read(reply[at : at + size] for at in range(0, len(reply), size))
    assert claims(events) == expected
    words = ""
    for event in events:
        if isinstance(event, str):
            words += event
        else:
            assert words == event[1]
            words = ""


def test_words_come_before_their_line_is_whole() -> None:
    reader = ClaimReader(EVIDENCE, REFUSAL)
    assert list(reader.feed("FACT: Bills fell by ")) == ["Bills fell by"]
    assert list(reader.feed("12% [3")) == [" 12%"]
    assert next(reader.feed("].\n")) == "."


def test_nothing_is_shown_before_the_kind_is_known() -> None:
    reader = ClaimReader(EVIDENCE, REFUSAL)
    assert [list(reader.feed(piece)) for piece in ("**", "FA", "CT", ":**", " Bills")] == [[], [], [], [], ["Bills"]]


def test_a_marker_is_never_shown_while_it_comes() -> None:
    events, _ = read("FACT: Bills [1, 2] fell [12] and 【3】 rose [^4].")
    assert not re.search(r"[\d\[\]【】^]", "".join(event for event in events if isinstance(event, str)))


@given(MARKUP, st.integers(1, 9))
def test_however_a_text_is_cut_the_claims_are_the_same(text: str, size: int) -> None:
    text = text.replace("\r", "")
    whole, _ = read([text])
    cut, _ = read(text[at : at + size] for at in range(0, len(text), size))
    assert claims(cut) == claims(whole)


@pytest.mark.parametrize(
    "line", ["INSUFFICIENT", "INSUFFICIENT.", "**INSUFFICIENT**", "FACT: INSUFFICIENT", "INSUFFICIENT: no."]
)
def test_the_line_that_says_there_is_nothing_to_say_ends_the_reading(line: str) -> None:
    events, reader = read(f"{line}\nFACT: Bills fell [3].\n")
    assert (events, reader.nothing_to_say) == ([], True)


def test_that_line_after_a_claim_is_no_claim_and_takes_nothing_back() -> None:
    events, reader = read("FACT: Bills fell [3].\nINSUFFICIENT\n")
    assert len(claims(events)) == 1
    assert not reader.nothing_to_say


def test_insufficient_may_begin_a_statement() -> None:
    events, reader = read("FACT: INSUFFICIENT funds were found [1].")
    assert len(claims(events)) == 1
    assert not reader.nothing_to_say


def test_remarks_before_the_first_claim_are_left_out() -> None:
    events, _ = read("Let me think about the park.\nIt seems good.\n\nFACT: Bills fell [3].\n")
    assert claims(events) == [("fact", "Bills fell.", [3], 0)]
    assert "".join(event for event in events if isinstance(event, str)) == "Bills fell."


def test_where_nothing_better_comes_plain_lines_count_as_uncited_claims() -> None:
    events, reader = read("The park is good.\nIt is clean.\n")
    assert events == [("inference", "The park is good.", [], 0), ("inference", "It is clean.", [], 0)]
    assert reader.claims == 2


@pytest.mark.parametrize(
    "reply",
    [
        "I'm sorry, I can't help with that.",
        "Let me see.\nI cannot answer this question.\nIs there anything else?",
        "OPINION: Sorry, but I can’t discuss this.",
        "Je suis désolé, je ne peux pas répondre à cette question.",
        "Je ne peux pas vous aider.",
        "En tant qu’IA, je n’ai pas d’avis.",
    ],
)
def test_a_model_that_declines_states_nothing(reply: str) -> None:
    events, reader = read(reply)
    assert claims(events) == []
    assert (reader.claims, reader.nothing_to_say) == (0, False)


def test_what_an_article_reports_of_an_apology_is_a_statement() -> None:
    events, _ = read("FACT: “I’m sorry, I cannot sign”, the mayor said [3].\nThe minister was sorry.")
    assert len(claims(events)) == 2


@pytest.mark.parametrize(
    "reply",
    [
        '{"claims": [{"text": "Bills fell.", "citations": [3]}]}',
        '```json\n{\n  "claims": [\n    "FACT: Bills fell [3]",\n    {"text": "Farms lost land", "citations": [4]}\n  ]\n}\n```',
        'Here is my answer:\n[\n  {"text": "Bills fell", "cites": [3]}\n]',
        '[{"text": "Bills fell [3]"}]',
    ],
)
def test_json_is_no_statement_whatever_looks_like_a_marker_in_it(reply: str) -> None:
    events, reader = read(reply)
    assert events == []
    assert reader.claims == 0


@pytest.mark.parametrize("size", [7, 1_500, 100_000])
def test_a_line_that_never_ends_is_cut_however_it_comes(size: int) -> None:
    reply = "FACT: " + "word " * 8_000 + "[1]\nFACT: The park is good [1]."
    found, after = claims(read(reply[at : at + size] for at in range(0, len(reply), size))[0])
    assert found[1].endswith("…")
    assert len(found[1]) < 2_010
    assert after == ("fact", "The park is good.", [1], 0)


def test_what_no_reader_sees_is_no_part_of_a_claim() -> None:
    assert parsed("FACT: The \u202epark\u202c is\x1b good\u200b\u2066 [1].") == ("fact", "The park is good.", [1], 0)
