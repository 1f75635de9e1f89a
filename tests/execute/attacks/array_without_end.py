import numpy as np
output=np.lib.stride_tricks.as_strided(np.zeros(1),(10**9,),(0,))
