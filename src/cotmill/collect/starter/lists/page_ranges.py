"""Page numbers written as short ranges.

Write a set of page numbers in rising order, with runs of following numbers as a range such as "4-7". Two
numbers belong to one run if they differ by at most the given step. Pages that stand alone are written as they
are. Join the parts with the separator.
"""


def solution(pages, step, separator):
    runs = []
    for page in sorted(set(pages)):
        if runs and page - runs[-1][-1] <= step:
            runs[-1].append(page)
        else:
            runs.append([page])
    parts = [f"{run[0]}-{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs]
    return separator.join(parts)


inputs = [
    {"pages": [3, 4, 5, 9, 12, 13, 4], "step": 1, "separator": ", "},
    {"pages": [40, 22, 24, 20, 31], "step": 2, "separator": "; "},
    {"pages": [8, 7, 1, 15, 6], "step": 1, "separator": " "},
]
