"""Albumentations + OpenCV on one thread: the reference of `npm run bench -- augment`.

Takes the same images and arguments as bench/ourAugment.child.ts, prints one JSON line: milliseconds of each transform of an image with
its mask, by side of the image; null where Albumentations has no such transform.
"""

import argparse
import json
import time
import warnings

import albumentations as A
import cv2
import numpy as np

# As in bench/ourAugment.child.ts.
LEAST_IMAGES, SECONDS = 10, 0.15


def time_of(name: str, arguments: dict, image: np.ndarray, mask: np.ndarray) -> float | None:
    transform = getattr(A, name, None)
    if transform is None:
        return None
    lists_as_tuples = {key: tuple(value) if isinstance(value, list) else value for key, value in arguments.items()}
    pipeline = A.Compose([transform(**lists_as_tuples)], seed=0)

    def run(images: int, seconds: float) -> float:
        began, count = time.perf_counter(), 0
        while count < images or time.perf_counter() - began < seconds:
            pipeline(image=image, mask=mask)
            count += 1
        return (time.perf_counter() - began) / count * 1000

    run(3, 0)
    return run(LEAST_IMAGES, SECONDS)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--settings", required=True, help="JSON: sides, each with file and cases")
    settings = json.loads(parser.parse_args().settings)
    warnings.filterwarnings("ignore")
    cv2.setNumThreads(0)
    times = {}
    for each in settings["sides"]:
        side = each["side"]
        data = np.fromfile(each["file"], np.uint8)
        image, mask = data[: side * side * 3].reshape(side, side, 3), data[side * side * 3 :].reshape(side, side)
        times[side] = {case["name"]: time_of(case["name"], case["args"], image, mask) for case in each["cases"]}
    print(json.dumps(times))


if __name__ == "__main__":
    main()
