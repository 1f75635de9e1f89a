"""Problems whose solutions are equations -> programs: ASDiv's formulas, worked solutions with annotations."""
