"""The command line of ``tessera``: its commands, their options and the answer to a wrong one."""
