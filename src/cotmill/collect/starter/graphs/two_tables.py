"""Guests seated at two tables so that no rivals share one.

Rivals must sit at different tables. Guests are taken in the order of the list; a guest who has no place yet
sits at the first table, and the rivals, their rivals and so on are placed accordingly. Give the guests at
each table in the order of the list under the names of the tables, or the text "impossible" if two rivals
would meet.
"""


class QuarrelError(Exception):
    pass


def place(guest, table, tables, rivalries):
    tables[guest] = table
    for first, second in rivalries:
        if guest not in (first, second):
            continue
        rival = second if guest == first else first
        if rival not in tables:
            place(rival, 1 - table, tables, rivalries)
        elif tables[rival] == table:
            raise QuarrelError(guest, rival)


def solution(guests, rivalries, table_names):
    tables = {}
    try:
        for guest in guests:
            if guest not in tables:
                place(guest, 0, tables, rivalries)
    except QuarrelError:
        return "impossible"
    return {name: [guest for guest in guests if tables[guest] == table] for table, name in enumerate(table_names)}


inputs = [
    {"guests": ["Ann", "Ben", "Cas"], "rivalries": [["Ann", "Ben"], ["Ben", "Cas"]], "table_names": ["left", "right"]},
    {"guests": ["P", "Q", "R"], "rivalries": [["P", "Q"], ["Q", "R"], ["R", "P"]], "table_names": ["one", "two"]},
    {
        "guests": ["Udo", "Vera", "Wes", "Xia"],
        "rivalries": [["Xia", "Udo"], ["Vera", "Wes"]],
        "table_names": ["A", "B"],
    },
]
