"""Opens an XLSX in a process of its own: `python -I xlsx.py ROWS COLUMNS`, the file on stdin, JSON on stdout.

A sheet says where its last cell is, and the reader makes room up to there: a file of 700 bytes can ask for terabytes,
and what cannot have them ends at once, with the whole process. So this one has little, and is nobody's web server.
Knows nothing of the rest of the program, which only runs it.
"""

import json
import resource
import sys
from datetime import date, datetime

import python_calamine

MEMORY = 1024 * 1024 * 1024
CPU_SECONDS = 10
BROKEN = 3  # how the process ends when the file is none that can be read


def limit_ourselves() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def written(cell: object) -> str:
    """Return what a cell shows, as text."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return cell.isoformat() if isinstance(cell, (date, datetime)) else str(cell)


def main() -> int:
    limit_ourselves()
    rows, columns = int(sys.argv[1]), int(sys.argv[2])
    try:
        sheet = python_calamine.CalamineWorkbook.from_filelike(sys.stdin.buffer).get_sheet_by_index(0)
        cells = sheet.to_python(skip_empty_area=False, nrows=rows)
        merged = sheet.merged_cell_ranges or []
    except (python_calamine.CalamineError, IndexError, ValueError, OSError, MemoryError):
        return BROKEN
    json.dump({"rows": [[written(cell) for cell in row[:columns]] for row in cells], "merged": merged}, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
