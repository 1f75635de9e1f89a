"""Page numbers that a print dialog selects.

The text lists pages and ranges divided by commas, such as "2, 5-7". A range may be open at one end and then
reaches to the first or the last page. Parts that cannot be read, or that name pages beyond the document, are
skipped. Give the selected "pages" in rising order, each once, and the number of parts "skipped". The range
sign is given.
"""


def read_part(part, range_sign, page_count):
    if range_sign not in part:
        first = last = int(part)
    else:
        start, _, end = part.partition(range_sign)
        first = int(start) if start else 1
        last = int(end) if end else page_count
    if not 1 <= first <= last <= page_count:
        raise ValueError(part)
    return range(first, last + 1)


def solution(text, range_sign, page_count):
    pages = set()
    skipped = 0
    for part in text.split(","):
        try:
            pages.update(read_part(part.strip(), range_sign, page_count))
        except ValueError:
            skipped += 1
    return {"pages": sorted(pages), "skipped": skipped}


inputs = [
    {"text": "2, 5-7, x, 6", "range_sign": "-", "page_count": 10},
    {"text": "..3, 8.., 20", "range_sign": "..", "page_count": 9},
    {"text": "4:2, 11:12, 3", "range_sign": ":", "page_count": 12},
]
