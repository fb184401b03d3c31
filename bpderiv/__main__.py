"""`python -m bpderiv` is the command `bpderiv`."""

from bpderiv.cli import main

if __name__ == "__main__":
    main(prog_name="bpderiv")
