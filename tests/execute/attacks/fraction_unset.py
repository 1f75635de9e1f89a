from fractions import Fraction
f=object.__new__(Fraction)
output=f
