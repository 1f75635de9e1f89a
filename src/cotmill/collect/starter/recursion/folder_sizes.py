"""Sizes of folders that hold files and other folders.

A folder is a dictionary from names to file sizes or to further folders. The size of a folder is the size of
everything in it, plus a fixed overhead for the folder itself. Give a dictionary from the path of each folder
whose size is at least the limit to that size, inner folders before the folders that hold them; the path joins
names with "/".
"""


def measure(path, content, overhead, sizes):
    total = overhead
    for name, entry in content.items():
        if isinstance(entry, dict):
            total += measure(f"{path}/{name}", entry, overhead, sizes)
        else:
            total += entry
    sizes[path] = total
    return total


def solution(root_name, content, overhead, limit):
    sizes = {}
    measure(root_name, content, overhead, sizes)
    return {path: size for path, size in sizes.items() if size >= limit}


inputs = [
    {"root_name": "home", "content": {"a.txt": 12, "pics": {"x.png": 80, "y.png": 45}}, "overhead": 4, "limit": 100},
    {"root_name": "disk", "content": {"old": {"deep": {"log": 30}}, "new": {"memo": 5}}, "overhead": 3, "limit": 20},
    {"root_name": "box", "content": {"m": 9, "n": {}, "o": {"p": 14}}, "overhead": 8, "limit": 8},
]
