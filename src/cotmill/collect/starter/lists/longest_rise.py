"""The longest stretch of days on which a level kept rising.

Look for the longest run of neighbouring values in which every value is larger than the one before by at least
the given step. Of several equally long runs the first one counts. Give its values.
"""


def solution(levels, least_step):
    best = []
    run = []
    for level in levels:
        if run and level - run[-1] >= least_step:
            run.append(level)
        else:
            run = [level]
        if len(run) > len(best):
            best = list(run)
    return best


inputs = [
    {"levels": [3, 5, 6, 4, 6, 9, 11, 10], "least_step": 1},
    {"levels": [20, 24, 26, 31, 30, 36, 40], "least_step": 4},
    {"levels": [7, 9, 12, 12, 14, 17, 20], "least_step": 2},
]
