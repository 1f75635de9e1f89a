import numpy as np
a=np.empty((),dtype=object); a[()]=a
output=a
