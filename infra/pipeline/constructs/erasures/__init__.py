"""What erases people: the functions, the job, the state machine, its clock and its alarms."""
