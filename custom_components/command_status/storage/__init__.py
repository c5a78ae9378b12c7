"""The files of an account, with their versions."""
