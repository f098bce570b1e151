"""Claim and text → the tokens that the transformer reads."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from tokenizers import Tokenizer

    from debatebot.reading.weights import Vocabulary

Tokens = NDArray[np.intp]

TOKENS_AT_MOST = 256
"""Of a pair; attention grows with the square, and the adapter was trained on no longer ones."""

CLAIM_TOKENS_AT_MOST = 128
"""A claim is kept whole up to here; the text has what is left."""

_SPACE_MARK = "\u2581"
_SPACES = re.compile(" {2,}")
_MARKS = frozenset(("<s>", "<pad>", "</s>", "<unk>", "<mask>"))


class Tokenization:
    """Unigram pieces of XLM-RoBERTa (Kudo 2018, https://aclanthology.org/P18-1007), with the vocabulary of the weights.

    The library that cuts words into pieces is handed those that stand in the texts at hand, some hundreds: to hand it all 250,000
    takes a second, as long as everything else at a cold start.
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._known = _Lookup(vocabulary)

    def pieces(self, texts: Iterable[str]) -> dict[str, list[int]]:
        """The numbers of the pieces of each text, without the marks of beginning and end."""
        clean = {text: self._cleaned(text) for text in texts}
        words = {_SPACE_MARK + word for text in clean.values() for word in text.split(" ")}
        numbers = self._known.standing_in(words)
        tokenizer = _tokenizer(self._vocabulary, numbers)
        return {
            text: [int(numbers[place]) for place in tokenizer.encode(cleaned, add_special_tokens=False).ids]
            for text, cleaned in clean.items()
        }

    def single(self, text: str) -> Tokens:
        """`<s> text </s>`, cut to `TOKENS_AT_MOST`."""
        begin, end = self._vocabulary.begin, self._vocabulary.end
        return np.array([begin, *self.pieces([text])[text][: TOKENS_AT_MOST - 2], end], dtype=np.intp)

    def pairs(self, pairs: Sequence[tuple[str, str]]) -> list[Tokens]:
        """`<s> claim </s> </s> text </s>` for each pair, cut to `TOKENS_AT_MOST`; texts that recur are cut up once."""
        pieces = self.pieces(dict.fromkeys(text for pair in pairs for text in pair))
        return [self._joined(pieces[claim], pieces[text]) for claim, text in pairs]

    def _joined(self, claim: list[int], text: list[int]) -> Tokens:
        begin, end = self._vocabulary.begin, self._vocabulary.end
        claim = claim[:CLAIM_TOKENS_AT_MOST]
        text = text[: TOKENS_AT_MOST - 4 - len(claim)]
        return np.array([begin, *claim, end, end, *text, end], dtype=np.intp)

    def _cleaned(self, text: str) -> str:
        encodable = text.replace("\0", " ").encode("utf-8", "replace").decode("utf-8")
        return _SPACES.sub(" ", encodable.translate(self._vocabulary.normalization))


def _tokenizer(vocabulary: Vocabulary, numbers: NDArray[np.intp]) -> Tokenizer:
    """A tokenizer that knows the pieces of these numbers, in their order."""
    from tokenizers import Tokenizer, models, pre_tokenizers

    names = [vocabulary.piece(number) for number in numbers.tolist()]
    # A text that spells a mark such as "</s>" must not get the mark's number. NUL never reaches the tokenizer.
    names = [f"\0{name}" if name in _MARKS else name for name in names]
    scores = vocabulary.scores[numbers].tolist()
    unknown = int(np.searchsorted(numbers, vocabulary.unknown))
    tokenizer = Tokenizer(models.Unigram(list(zip(names, scores, strict=True)), unknown))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement=_SPACE_MARK, prepend_scheme="always")
    return tokenizer


class _Lookup:
    """Finds the pieces that stand in words."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        letters = vocabulary.letters
        places = pairwise(vocabulary.offsets.tolist())
        self._numbers = {letters[start:end]: number for number, (start, end) in enumerate(places)}
        self._longest = max(map(len, self._numbers))
        # What no text holds and the library needs: the sign for the unknown, and the score that its own lies below.
        self._always = (vocabulary.unknown, int(vocabulary.scores.argmin()))

    def standing_in(self, words: Iterable[str]) -> NDArray[np.intp]:
        """The numbers of all pieces that stand in one of the words, ascending, and of those that are always needed."""
        found = {
            self._numbers.get(letters[start:end])
            for letters in (word.encode("utf-8") for word in words)
            for start in range(len(letters))
            for end in range(start + 1, min(len(letters), start + self._longest) + 1)
        }
        numbers = {number for number in found if number is not None}
        return np.array(sorted(numbers.union(self._always)), dtype=np.intp)
