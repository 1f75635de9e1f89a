"""Sum of a range of cells in a table with lettered columns.

A range such as "B2:C3" names its upper left and lower right cell: the letter is the column, A being the
first, and the number is the row, counted from the given first number. Add up the cells of all ranges, where a
cell that lies in several ranges counts only once. Cells beyond the table count as the filler.
"""


def corner(name, first_row):
    return int(name[1:]) - first_row, ord(name[0]) - ord("A")


def solution(table, ranges, first_row, filler):
    cells = set()
    for cell_range in ranges:
        start, end = cell_range.split(":")
        top, left = corner(start, first_row)
        bottom, right = corner(end, first_row)
        cells |= {(row, column) for row in range(top, bottom + 1) for column in range(left, right + 1)}
    total = 0
    for row, column in cells:
        try:
            total += table[row][column]
        except IndexError:
            total += filler
    return total


inputs = [
    {"table": [[3, 5, 8], [2, 7, 1], [4, 6, 9]], "ranges": ["A1:B2", "B2:C4"], "first_row": 1, "filler": 10},
    {"table": [[12, 20], [15, 11]], "ranges": ["B0:C1"], "first_row": 0, "filler": 4},
    {"table": [[1, 1, 2], [3, 5, 8]], "ranges": ["A10:A11", "A11:D11"], "first_row": 10, "filler": -2},
]
