"""The scoreboard: how good the parts are on public data that nobody here made. Nothing else of the package imports it."""
