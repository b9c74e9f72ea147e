# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
"""unpack_kernel.py VMLINUZ VMLINUX: the ELF file inside a compressed x86 kernel."""
import lzma
import subprocess
import sys


def unxz(packed):
    return lzma.LZMADecompressor().decompress(packed)


def unzstd(packed):
    # What follows the kernel is not zstd: the status says so, the output is whole.
    return subprocess.run(["zstd", "-d", "-q", "-c"], input=packed, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, check=False).stdout


FORMATS = ((b"\xfd7zXZ\x00", unxz), (b"\x28\xb5\x2f\xfd", unzstd))


def kernels(image):
    for magic, unpack in FORMATS:
        at = image.find(magic)
        while at >= 0:
            try:
                yield unpack(image[at:])
            except lzma.LZMAError:
                pass
            at = image.find(magic, at + 1)


def main():
    with open(sys.argv[1], "rb") as file:
        image = file.read()
    for kernel in kernels(image):
        if kernel[:4] == b"\x7fELF":
            with open(sys.argv[2], "wb") as file:
                file.write(kernel)
            return
    sys.exit(f"{sys.argv[1]}: no ELF file compressed with xz or zstd is inside")


main()
