"""The rules of the manual without the website: dates, sample sizes, draws, ratings and packs at a prompt."""

import argparse
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from django.db import Error as DatabaseError

from inspectorate.command_line import rules, samples, trail
from inspectorate.command_line.answers import FAULT, Answer, CommandFault, one_line, show


class Parser(argparse.ArgumentParser):
    """Says what is wrong with the words of a command in one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(FAULT, f"{self.prog}: {one_line(message)}; '{self.prog} --help' shows how\n")


def parser() -> Parser:
    """The words that each command takes."""
    top = Parser(prog="inspectorate", description=__doc__)
    commands = top.add_subparsers(required=True, metavar="COMMAND")
    for chapter in (rules, samples, trail):
        chapter.add_commands(commands)
    return top


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command and gives its exit code: 0, or 2 with one line on standard error."""
    args = parser().parse_args(argv)
    try:
        answer: Answer = args.command(args)
        show(answer, as_json=args.json)
        sys.stdout.flush()
    except BrokenPipeError:  # the reader, such as `head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        return _refuse(f"{error.filename or 'file'}: {error.strerror or error}")
    except (CommandFault, ValueError, LookupError, DatabaseError) as error:
        return _refuse(str(error))
    return _refuse(answer.fault) if answer.fault else 0


def _refuse(message: str) -> int:
    print(f"inspectorate: {one_line(message)}", file=sys.stderr)
    return FAULT
