"""Heights of a ball that bounces lower and lower.

A ball is dropped from a height in millimetres. After each bounce it rises to the given percentage of its last
height, rounded down, less the air loss in millimetres. It is caught at the bounce after which it would not
rise to the least height. List the heights of its "rises" and give the whole "way" up and down, from the drop
to the bounce at which it is caught.
"""


def rises(height, percent, air_loss, least_height):
    while True:
        height = height * percent // 100 - air_loss
        if height < least_height:
            break
        yield height


def solution(drop_height, percent, air_loss, least_height):
    heights = list(rises(drop_height, percent, air_loss, least_height))
    way = drop_height
    for height in heights:
        way += 2 * height
    return {"rises": heights, "way": way}


inputs = [
    {"drop_height": 2000, "percent": 60, "air_loss": 10, "least_height": 150},
    {"drop_height": 900, "percent": 75, "air_loss": 25, "least_height": 200},
    {"drop_height": 1500, "percent": 40, "air_loss": 1, "least_height": 5},
]
