"""What an operator asks for from the command line, beside the running program: looking, trying again, stopping."""
