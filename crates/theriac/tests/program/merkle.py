"""Checks exported evidence with nothing but Python's standard library: the entry's leaf, its path and the root.

    python3 merkle.py evidence.json

Prints the root and exits 0 when all agree; says what does not and exits 1 otherwise. The formats are those of
crates/journal/src/entry.rs and RFC 6962, section 2.1; nothing of the program itself runs here.
"""
import base64
import hashlib
import json
import struct
import sys


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def field(data):
    return struct.pack(">I", len(data)) + data


def commitment(evidence):
    if "commitment" in evidence:
        return base64.b64decode(evidence["commitment"])
    if "body_text" in evidence:
        body = evidence["body_text"].encode("utf-8")
    else:
        body = base64.b64decode(evidence["body"])
    return sha256(b"theriac-body-v1\n", base64.b64decode(evidence["salt"]), body)


def root_of(index, size, leaf, path):
    """RFC 9162, section 2.1.3.2: the root that the path leads to, or None when it has the wrong length."""
    if index >= size:
        return None
    at, last, root = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            return None
        if at & 1 or at == last:
            root = sha256(b"\x01", sibling, root)
            while at & 1 == 0 and at != 0:
                at, last = at >> 1, last >> 1
        else:
            root = sha256(b"\x01", root, sibling)
        at, last = at >> 1, last >> 1
    return root if last == 0 else None


def main(path):
    with open(path, encoding="utf-8") as file:
        evidence = json.load(file)
    header = base64.b64decode(evidence["header"])
    tag = b"theriac-head-v1\n"
    if not header.startswith(tag):
        return "the header begins with something else"
    (index,) = struct.unpack(">Q", header[len(tag):len(tag) + 8])
    leaf = sha256(b"\x00", b"theriac-leaf-v1\n", field(header), commitment(evidence))
    origin, size, signed, blank = evidence["checkpoint"].split("\n")[:4]
    if blank != "" or not origin:
        return "the checkpoint is no signed note"
    proof = [base64.b64decode(item) for item in evidence["proof"]]
    root = root_of(index, int(size), leaf, proof)
    if root != base64.b64decode(signed):
        return "the path does not lead to the root that was signed"
    print(json.dumps({
        "entry": index,
        "tree_size": int(size),
        "leaf": base64.b64encode(leaf).decode(),
        "root": base64.b64encode(root).decode(),
    }))
    return None


if __name__ == "__main__":
    problem = main(sys.argv[1])
    if problem:
        print(problem, file=sys.stderr)
        sys.exit(1)
