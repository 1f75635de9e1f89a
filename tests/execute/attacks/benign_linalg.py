import numpy as np
a=np.arange(16.).reshape(4,4)+np.eye(4)
output=np.round(np.linalg.solve(a,np.ones(4)),6).tolist()+[float(round(np.linalg.det(a),6))]
