"""OpenCV + Albumentations + PyTorch's DataLoader: the reference of `npm run bench -- input`.

Takes the same files and transforms as bench/ourInput.child.ts, prints one JSON line: images per second of whole epochs after a
first one that starts the processes.
"""

import argparse
import json
import time

import albumentations as A
import cv2
from torch.utils.data import DataLoader, Dataset


class Pairs(Dataset):
    def __init__(self, pairs: list[dict[str, str]], transform: A.Compose) -> None:
        self.pairs, self.transform = pairs, transform

    def __len__(self) -> int:
        return len(self.pairs)

    def __getitem__(self, index: int):
        pair = self.pairs[index]
        image = cv2.cvtColor(cv2.imread(pair["image"], cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB)
        mask = cv2.imread(pair["mask"], cv2.IMREAD_GRAYSCALE)
        made = self.transform(image=image, mask=mask)
        return made["image"], made["mask"].long()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--settings", required=True, help="JSON: pairs, augment, batch, workers")
    settings = json.loads(parser.parse_args().settings)
    # The processes share the cores already.
    cv2.setNumThreads(0)
    steps = [getattr(A, name)(**rest) for each in settings["augment"] for name, rest in [split(each)]]
    data = Pairs(settings["pairs"], A.Compose([*steps, A.Normalize(), A.ToTensorV2()]))
    loader = DataLoader(
        data,
        batch_size=settings["batch"],
        shuffle=True,
        drop_last=True,
        num_workers=settings["workers"],
        persistent_workers=True,
    )

    def epoch() -> int:
        return sum(len(image) for image, _ in loader)

    epoch()
    began, images = time.perf_counter(), 0
    while time.perf_counter() - began < 3:
        images += epoch()
    print(json.dumps({"imagesPerSecond": images / (time.perf_counter() - began)}))


def split(transform: dict) -> tuple[str, dict]:
    return transform["name"], {key: value for key, value in transform.items() if key != "name"}


if __name__ == "__main__":
    main()
