"""The web page: `streamlit run app.py`, or `debatebot`."""

from debatebot.ui.page import draw

draw()
