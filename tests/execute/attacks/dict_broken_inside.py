from collections import OrderedDict
o=OrderedDict(a=1,b=2)
dict.__delitem__(o,"a")
output=o
