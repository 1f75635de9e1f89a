"""The longest choice of towers that rise from left to right.

From a row of towers choose as many as possible, without changing their order, so that each chosen tower is
taller than the one chosen before it by at least the given step. List their heights; of equally long choices
the one whose towers were reached first from the left counts.
"""


def solution(heights, step):
    best_ending_here = []
    for place, height in enumerate(heights):
        best = []
        for earlier in range(place):
            candidate = best_ending_here[earlier]
            if height - heights[earlier] >= step and len(candidate) > len(best):
                best = candidate
        best_ending_here.append([*best, height])
    return max(best_ending_here, key=len)


inputs = [
    {"heights": [4, 9, 5, 6, 11], "step": 1},
    {"heights": [12, 15, 13, 18, 16, 21], "step": 3},
    {"heights": [30, 10, 20, 25, 35], "step": 5},
]
