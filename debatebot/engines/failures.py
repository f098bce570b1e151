"""What a model server or a provider's package raised → one of our errors, with a cure, and without a key in it."""

from __future__ import annotations

import email.utils
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass

from debatebot.engines.models import without_credentials
from debatebot.errors import (
    EngineBusy,
    EngineError,
    EngineRefused,
    EngineReplyError,
    EngineTimeout,
    EngineUnavailable,
)

_CONTEXT = re.compile(
    r"context[ _-]?(?:length|size|window)|maximum context|context_length_exceeded|(?:prompt|input|request) is too (?:long|large)"
    r"|too many (?:input |prompt )?tokens|exceeds? the (?:available |model's )?(?:context|limit of .* tokens)|\bn_ctx\b",
    re.IGNORECASE,
)
_FILTERED = re.compile(r"content[_ ](?:filter|policy)|content management policy|responsibleaipolicy", re.IGNORECASE)
_QUOTA = re.compile(r"insufficient[_ ](?:quota|balance|credits?)|exceeded your current quota|billing", re.IGNORECASE)
_UNREACHABLE = {"ConnectError", "ConnectionRefusedError", "gaierror", "NewConnectionError", "ProxyError"}
_BROKEN = {"ReadError", "WriteError", "RemoteProtocolError", "APIConnectionError", "ModelConnectionError"}
_SECRETS = re.compile(r"\b(?:sk|pk|gsk|xai|hf|AIza)[-_][\w*-]{6,}|\bBearer \S+")
_LONGEST_DETAIL = 200


@dataclass(frozen=True, slots=True)
class Server:
    """What the errors of a server may say of it. `secret` is what they may not say."""

    model: str
    url: str
    secret: str | None

    @property
    def shown_url(self) -> str:
        """The address, without credentials."""
        return without_credentials(self.url)


@dataclass(frozen=True, slots=True)
class Failure:
    """`again`: trying once more at once may help. `wait`: seconds that the server asks to wait. `detail`: its words."""

    error: EngineError
    again: bool = False
    wait: float | None = None
    status: int | None = None
    detail: str = ""


def failure_of(error: BaseException, server: Server) -> Failure:
    """Judge what was raised, whatever library it came from.

    Raises:
        BaseException: `error` itself, where it is no error of a program (an interrupt).
    """
    if not isinstance(error, Exception):
        raise error
    if isinstance(error, EngineError):
        return Failure(error)
    status, detail = _status(error), _detail(error, server.secret)
    raw = f"{error} {getattr(error, 'code', '')}"
    if status not in (401, 403, 404, 429) and (_is_overflow(error) or _CONTEXT.search(raw)):
        return Failure(EngineRefused("prompt_too_long", model=server.model), status=status, detail=detail)
    if _FILTERED.search(raw):
        return Failure(EngineRefused("answer_filtered", model=server.model), status=status)
    if status is not None and status >= 400:
        return _of_status(status, raw, detail, _wait(error), server)
    return _of_kind(error, detail, server)


def _of_status(status: int, raw: str, detail: str, wait: float | None, server: Server) -> Failure:
    if status in (401, 403):
        key = "key_refused" if server.secret else "key_wanted"
        return Failure(EngineRefused(key, url=server.shown_url), status=status)
    if status == 404:
        error = EngineRefused("model_unknown", model=server.model, url=server.shown_url)
        return Failure(error, status=status, detail=detail)
    if status == 402 or (status == 429 and _QUOTA.search(raw)):
        return Failure(EngineRefused("quota_used_up", url=server.shown_url), status=status)
    if status in (408, 409, 425, 429) or status >= 500:
        if wait is None:
            busy = EngineBusy("server_busy", retryable=True, url=server.shown_url, status=status)
        else:
            busy = EngineBusy("server_busy_for", retryable=True, url=server.shown_url, seconds=round(wait) or 1)
        return Failure(busy, again=True, wait=wait, status=status, detail=detail)
    refused = EngineRefused("request_refused", url=server.shown_url, status=status, detail=detail or "–")
    return Failure(refused, status=status, detail=detail)


def _of_kind(error: Exception, detail: str, server: Server) -> Failure:
    names = {kind.__name__ for cause in _causes(error) for kind in type(cause).__mro__}
    if any("Timeout" in name for name in names):
        return Failure(EngineTimeout("server_silent", retryable=True, url=server.shown_url))
    if names & _UNREACHABLE:
        unreachable = EngineUnavailable("server_unreachable", retryable=True, url=server.shown_url)
        return Failure(unreachable, again=True)
    if names & _BROKEN or isinstance(error, OSError):
        return Failure(EngineBusy("connection_broken", retryable=True, url=server.shown_url), again=True)
    if detail and "APIError" in names:  # an error that came in the middle of the stream
        return Failure(EngineReplyError("reply_failed", retryable=True, url=server.shown_url, detail=detail))
    problem = type(error).__name__
    return Failure(EngineReplyError("reply_unusable", retryable=True, url=server.shown_url, problem=problem))


def _is_overflow(error: Exception) -> bool:
    from langchain_core.exceptions import ContextOverflowError

    return isinstance(error, ContextOverflowError)


def _status(error: Exception) -> int | None:
    for holder in (error, getattr(error, "response", None)):
        status = getattr(holder, "status_code", None)
        if isinstance(status, int):
            return status
    return None


def _wait(error: Exception) -> float | None:
    """Seconds until the server wants to be asked again: Retry-After, RFC 9110 section 10.2.3."""
    headers = getattr(getattr(error, "response", None), "headers", None)
    value = str(headers.get("retry-after") or "") if headers is not None else ""
    if re.fullmatch(r"\d{1,9}(\.\d+)?", value):
        return float(value)
    date = email.utils.parsedate_tz(value)
    return max(0.0, email.utils.mktime_tz(date) - time.time()) if date else None


def _detail(error: Exception, secret: str | None) -> str:
    """The server's own words on one line, without the key; nothing where they are a page."""
    body = getattr(error, "body", None)
    message = body.get("message") if isinstance(body, dict) else None
    text = " ".join(str(message or error).split())
    if "<html" in text.casefold() or "<!doctype" in text.casefold():
        return ""
    if secret:
        text = text.replace(secret, "…")
    return _SECRETS.sub("…", text)[:_LONGEST_DETAIL]


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and what caused it."""
    cause: BaseException | None = error
    for _ in range(10):
        if cause is None:
            return
        yield cause
        cause = cause.__cause__ or cause.__context__
