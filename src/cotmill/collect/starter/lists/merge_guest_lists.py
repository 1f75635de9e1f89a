"""Two sorted guest lists merged into one, with every name once.

Both lists are in alphabetical order. Merge them by comparing the names at the front of the lists, and write a
name only once if it stands in both. Give the merged list and the number of names that were in both.
"""


def solution(first_list, second_list):
    merged = []
    in_both = 0
    i = j = 0
    while i < len(first_list) and j < len(second_list):
        if first_list[i] < second_list[j]:
            merged.append(first_list[i])
            i += 1
        elif second_list[j] < first_list[i]:
            merged.append(second_list[j])
            j += 1
        else:
            merged.append(first_list[i])
            in_both += 1
            i += 1
            j += 1
    merged += first_list[i:] + second_list[j:]
    return [merged, in_both]


inputs = [
    {"first_list": ["Abe", "Eva", "Kim"], "second_list": ["Bea", "Eva", "Leo", "Pia"]},
    {"first_list": ["Jan", "Ole"], "second_list": ["Ida", "Jan", "Ole"]},
    {"first_list": ["Ugo", "Viv", "Zoe"], "second_list": ["Ann"]},
]
