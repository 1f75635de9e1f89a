"""The earliest term in which each course can be finished.

Each course can be taken in the term after all courses that it builds on are finished; a course lasts one
term, but the courses in the long list last two. No course builds on itself, directly or indirectly. Give for
each course the number of the term in which it is finished at the earliest, the first term being 1.
"""

from functools import cache


def solution(builds_on, long_courses):
    @cache
    def finished(course):
        length = 2 if course in long_courses else 1
        return max((finished(earlier) for earlier in builds_on[course]), default=0) + length

    return {course: finished(course) for course in builds_on}


inputs = [
    {"builds_on": {"algebra": [], "calculus": ["algebra"], "physics": ["calculus"]}, "long_courses": ["calculus"]},
    {
        "builds_on": {"art": [], "music": [], "stage": ["art", "music"], "film": ["stage"]},
        "long_courses": ["music", "film"],
    },
    {"builds_on": {"logic": ["sets"], "sets": [], "proof": ["logic", "sets"]}, "long_courses": ["sets"]},
]
