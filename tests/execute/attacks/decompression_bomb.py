import zlib
small = zlib.compress(bytes(50_000_000))
output = len(b''.join(zlib.decompress(small) for _ in range(200)))
