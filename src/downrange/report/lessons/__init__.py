"""Lessons: a hand-out and an answer key each, with the numbers of the student's own rocket."""

from downrange.report.lessons.lesson import Lesson, lesson_named, lessons, standards
from downrange.report.lessons.making import answer_key, hand_out
from downrange.report.lessons.numbers import Number, Numbers
from downrange.report.lessons.writing import FORMATS, write_lesson

__all__ = [
    "FORMATS",
    "Lesson",
    "Number",
    "Numbers",
    "answer_key",
    "hand_out",
    "lesson_named",
    "lessons",
    "standards",
    "write_lesson",
]
