import argparse
p=argparse.ArgumentParser(); p.add_argument("--n",type=int,default=3)
output=p.parse_args().n
