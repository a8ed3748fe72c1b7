"""For which customers being treated changes how much: learnt from assignment by chance."""
