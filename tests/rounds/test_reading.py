"""What models write in a round, good and bad, read line by line and in pieces of any size."""

from __future__ import annotations

import pytest

from debatebot.rounds.parts import DroppedLine, RebuttalDraft, RebuttalRequest, RebutterEvent, Target, Unanswerable
from debatebot.rounds.reading import RebuttalReader
from debatebot.rounds.types import Remark
from debatebot.types import Citation, Claim, Reason, Verdict
from tests.fakes import make_evidence, make_perspective, make_request

EVIDENCE = make_evidence()
ME, OTHER = make_perspective("pessimistic", "worried"), make_perspective("optimistic", "hopeful")


def request(remark: str | None = None) -> RebuttalRequest:
    names = ["optimistic.1", "optimistic.2", "optimistic.12", "pessimistic.1"]
    claims = tuple(
        Claim(name, "Text.", "fact", (Citation(2, EVIDENCE[1].sentence),), Verdict("supported", 1.0, Reason("quoted")))
        for name in names
    )
    return RebuttalRequest(
        asked=make_request(perspective=ME),
        number=1,
        evidence=EVIDENCE,
        claims=claims,
        sides={name: ME if name.startswith("p") else OTHER for name in names},
        standing=(),
        opponents={},
        remark=Remark(remark) if remark else None,
    )


def read(text: str, piece: int = 1000, remark: str | None = None) -> tuple[list[RebutterEvent], RebuttalReader]:
    reader = RebuttalReader(request(remark), "INSUFFICIENT")
    events: list[RebutterEvent] = []
    for at in range(0, len(text), piece):
        events += reader.feed(text[at : at + piece])
    events += reader.finish()
    return events, reader


def drafts(text: str, piece: int = 1000, remark: str | None = None) -> list[tuple[str | None, bool, str, list[int]]]:
    return [
        (
            event.target.answers,
            event.target.concedes,
            event.claim.text,
            [citation.number for citation in event.claim.citations],
        )
        for event in read(text, piece, remark)[0]
        if isinstance(event, RebuttalDraft)
    ]


GOOD = "@optimistic.2 FACT: Two farms lost land [4].\nconcede @optimistic.1 INFERENCE: The power is clean [2]."
READ = [("optimistic.2", False, "Two farms lost land.", [4]), ("optimistic.1", True, "The power is clean.", [2])]


@pytest.mark.parametrize("piece", [1, 2, 3, 7, 1000])
def test_targets_words_and_claims_come_whatever_the_pieces(piece: int) -> None:
    assert drafts(GOOD, piece) == READ
    events, reader = read(GOOD, piece)
    assert [event for event in events if isinstance(event, Target)] == [
        Target("optimistic.2"),
        Target("optimistic.1", True),
    ]
    assert "".join(event for event in events if isinstance(event, str)) == "Two farms lost land.The power is clean."
    assert reader.claims == 2


@pytest.mark.parametrize("piece", [1, 1000])
@pytest.mark.parametrize(
    "line",
    [
        "- **@optimistic.2** FACT: Two farms lost land [4].",
        "1. @Optimistic.2: FACT: Two farms lost land [4].",
        "[@optimistic.2] — FACT: Two farms lost land [4].",
        "> @optimistic.2 Two farms lost land [4].",
        "@optimistic.2. FACT: Two farms lost land [4].",
        "@optimistic.2, @optimistic.1 FACT: Two farms lost land [4].",
        "↳ @ optimistic.2 FAIT : Two farms lost land 【4】.",
    ],
)
def test_variants_of_the_form_are_read(line: str, piece: int) -> None:
    assert drafts(line, piece) == [("optimistic.2", False, "Two farms lost land.", [4])]


@pytest.mark.parametrize(
    "line",
    [
        "I concede @optimistic.2 because the power is clean [2].",
        "Concede: @optimistic.2 because: the power is clean [2].",
        "je concède @optimistic.2, car the power is clean [2].",
        "**concedes @optimistic.2** INFERENCE: the power is clean [2].",
    ],
)
def test_concessions_are_read_with_their_reason(line: str) -> None:
    [(answers, concedes, text, numbers)] = drafts(line)
    assert (answers, concedes, text.lower(), numbers) == ("optimistic.2", True, "the power is clean.", [2])


@pytest.mark.parametrize(
    "line",
    [
        "@optimistic.3 FACT: No such claim [4].",
        "@optimistic.22 FACT: No such claim [4].",
        "@optimistic FACT: No claim named [4].",
        "@pessimistic.1 FACT: One's own claim [4].",
        "@remark FACT: Nobody has said anything [4].",
        "@nobody.1 FACT: No such side [4].",
        "FACT: It answers nothing [4].",
        "To optimistic.2: it is wrong [4].",
        "You are all mistaken.",
    ],
)
@pytest.mark.parametrize("piece", [1, 1000])
def test_a_line_that_names_no_claim_of_others_is_dropped_and_counted(line: str, piece: int) -> None:
    events, reader = read(f"{line}\n{GOOD}", piece)
    assert drafts(f"{line}\n{GOOD}", piece) == READ
    assert events.count(DroppedLine()) == 1
    assert reader.claims == 2


@pytest.mark.parametrize("text", ["", "\n\n", "# My rebuttals", "Here is what I say:", "---"])
def test_what_states_nothing_counts_for_nothing(text: str) -> None:
    events, reader = read(text)
    assert events == []
    assert not reader.claims


def test_numbers_that_stand_for_nothing_are_dropped_and_counted() -> None:
    [draft] = [event for event in read("@optimistic.2 FACT: So it is [4][99].")[0] if isinstance(event, RebuttalDraft)]
    assert [citation.number for citation in draft.claim.citations] == [4]
    assert draft.claim.dropped_markers == 1


def test_a_longer_number_is_another_claim() -> None:
    assert drafts("@optimistic.12 FACT: So it is [4].", 1) == [("optimistic.12", False, "So it is.", [4])]


def test_a_remark_is_answered_by_its_word() -> None:
    assert drafts("@remark FACT: Repairs may cost [5].", 1, "And repairs?") == [(None, False, "Repairs may cost.", [5])]


@pytest.mark.parametrize("piece", [1, 1000])
def test_nothing_against_one_claim_is_said_of_that_claim(piece: int) -> None:
    events, reader = read("@optimistic.2 INSUFFICIENT", piece)
    assert [event for event in events if not isinstance(event, Target)] == [Unanswerable("optimistic.2")]
    assert (reader.claims, reader.nothing_to_say) == (1, False)


def test_a_refusal_ends_the_reply() -> None:
    events, reader = read("INSUFFICIENT\n@optimistic.2 FACT: Too late [4].")
    assert (events, reader.nothing_to_say) == ([], True)


def test_half_a_line_is_forgotten_when_it_is_to_be() -> None:
    reader = RebuttalReader(request(), "INSUFFICIENT")
    list(reader.feed(f"{READ_FIRST}\n@optimistic.1 FACT: The power is cle"))
    reader.forget()
    assert list(reader.finish()) == []
    assert reader.claims == 1


READ_FIRST = GOOD.partition("\n")[0]


def test_a_line_that_never_ends_is_cut() -> None:
    reader = RebuttalReader(request(), "INSUFFICIENT")
    events = [event for _ in range(300) for event in reader.feed("@nobody.1 goes on and on and ")]
    assert DroppedLine() in events
