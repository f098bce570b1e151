"""The web page: one module a region, no domain logic. Only this folder imports Streamlit.

`page` puts the regions together; `library`, `adding`, `conversations`, `engine` and `preferences` are the left side; `asking`,
`turns` and `live` the middle; `article` the right. `claims`, `columns`, `comparison` and `article` make markup out of values
and never draw; `markup` is the only module that makes markup out of text, and escapes all of it.
"""
