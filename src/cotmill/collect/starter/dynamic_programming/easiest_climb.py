"""The path through the hills with the least climbing.

A path leads from the upper left to the lower right field of a map of heights, always one field to the right
or down. Going up costs the difference in height times the climbing cost; going down or staying level costs
the step cost. What is the smallest total cost?
"""


def solution(heights, climbing_cost, step_cost):
    def move(start, end):
        return (end - start) * climbing_cost if end > start else step_cost

    costs = []
    for row, line in enumerate(heights):
        costs.append([])
        for column, height in enumerate(line):
            ways = []
            if row > 0:
                ways.append(costs[row - 1][column] + move(heights[row - 1][column], height))
            if column > 0:
                ways.append(costs[row][column - 1] + move(line[column - 1], height))
            costs[row].append(min(ways, default=0))
    return costs[-1][-1]


inputs = [
    {"heights": [[2, 4, 3], [3, 3, 5], [6, 2, 4]], "climbing_cost": 3, "step_cost": 1},
    {"heights": [[10, 12], [9, 15], [14, 11]], "climbing_cost": 2, "step_cost": 1},
    {"heights": [[1, 5, 2], [3, 2, 4]], "climbing_cost": 4, "step_cost": 2},
]
