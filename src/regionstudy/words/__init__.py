"""
Texts in both languages, and numbers as each language writes them.

A notebook runs once; what it shows is kept as `Words` (a text given in Swedish
and English) or a `Message` (an id in the ``locale`` folder, with parameters)
and is put into a language only where it is read.
"""

from regionstudy.words.numbers import format_date, format_list, format_number, format_period
from regionstudy.words.text import (
    LANGUAGES,
    Message,
    Text,
    Words,
    current_language,
    render,
    texts_of,
    use_language,
)

__all__ = [
    "LANGUAGES",
    "Message",
    "Text",
    "Words",
    "current_language",
    "format_date",
    "format_list",
    "format_number",
    "format_period",
    "render",
    "texts_of",
    "use_language",
]
