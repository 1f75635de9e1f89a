from pathlib import PurePosixPath
output = str(PurePosixPath('/a') / 'b.txt')
