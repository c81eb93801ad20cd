"""Writes the fixtures of the families of decoders.

    python Scripts/reference/family_models.py --output Tests/Fixtures/families
"""

import argparse
import os

import common
from tiny_families import families, save_family


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", required=True, help="folder for the fixtures")
    options = parser.parse_args()
    common.prepare()
    for name, values in families().items():
        save_family(os.path.join(options.output, name), *values)


if __name__ == "__main__":
    main()
