import os
output = [v for v in os.environ.values() if 'CANARY' in v]
