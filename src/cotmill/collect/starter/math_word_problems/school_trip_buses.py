"""Buses for a school trip, with the empty seats and the price for each pupil.

One teacher goes along for every group of pupils that is full or begun. All of them need a seat. Find the
smallest number of "buses", the number of "empty seats", and the "price per pupil" in whole cents, rounded up,
when the pupils alone share the cost of the buses.
"""


def solution(pupils, pupils_per_teacher, seats_per_bus, bus_price):
    teachers = -(-pupils // pupils_per_teacher)
    travellers = pupils + teachers
    buses = -(-travellers // seats_per_bus)
    empty_seats = buses * seats_per_bus - travellers
    total_price = buses * bus_price
    price_per_pupil = -(-total_price // pupils)
    return {"buses": buses, "empty seats": empty_seats, "price per pupil": price_per_pupil}


inputs = [
    {"pupils": 87, "pupils_per_teacher": 12, "seats_per_bus": 48, "bus_price": 45000},
    {"pupils": 24, "pupils_per_teacher": 8, "seats_per_bus": 30, "bus_price": 26000},
    {"pupils": 130, "pupils_per_teacher": 15, "seats_per_bus": 52, "bus_price": 39900},
]
