"""Words read along the slanted lines of a letter grid.

In a grid of letters the slanted lines run from the lower left to the upper right. Read every line from its
lower left end, beginning with the upper left corner of the grid, and keep those with at least the given
number of letters. Join them with the separator.
"""


def slanted(grid):
    rows, columns = len(grid), len(grid[0])
    for total in range(rows + columns - 1):
        word = ""
        for column in range(columns):
            if 0 <= total - column < rows:
                word += grid[total - column][column]
        yield word


def solution(grid, least_letters, separator):
    return separator.join(word for word in slanted(grid) if len(word) >= least_letters)


inputs = [
    {"grid": ["tea", "rod", "win"], "least_letters": 2, "separator": " "},
    {"grid": ["pond", "kiln"], "least_letters": 1, "separator": "-"},
    {"grid": ["oak", "elm", "fir", "yew"], "least_letters": 3, "separator": "/"},
]
