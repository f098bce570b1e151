"""What a reply cost, by the published prices that genai-prices brings along; nothing is fetched."""

from __future__ import annotations

from dataclasses import replace

from debatebot.engines.models import is_local
from debatebot.types import Usage


def with_cost(usage: Usage, *, provider: str, model: str, base_url: str | None = None) -> Usage:
    """The same usage with `cost_usd`; as it was where the server, the model or the number of tokens is not known.

    Args:
        provider: LangChain's name of it.
        base_url: of the server, where it is not the provider's own: then only a server with published prices counts.
    """
    if usage.input_tokens is None or usage.output_tokens is None or (base_url and is_local(base_url)):
        return usage
    # Its prices are read at the first call, which takes a third of a second: not for those who pay nothing.
    import genai_prices

    tokens = genai_prices.Usage(
        input_tokens=usage.input_tokens, cache_read_tokens=usage.cached_tokens, output_tokens=usage.output_tokens
    )
    try:
        if base_url:
            price = genai_prices.calc_price(tokens, model_ref=model, provider_api_url=base_url)
        else:
            price = genai_prices.calc_price(tokens, model_ref=model, provider_id=provider)
    except (LookupError, ValueError):
        return usage
    return replace(usage, cost_usd=float(price.total_price))
