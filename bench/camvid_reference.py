"""The CamVid recipe of the README in PyTorch + segmentation_models_pytorch: the curve that ours is held against.

    python bench/camvid_reference.py SHARED_FOLDER --seed 0 [--fold 0] [--epochs 10]

Unet over tu-tf_efficientnet_lite0 with the ImageNet weights of SHARED_FOLDER/weights, 11 classes with void (11) ignored,
RandomCrop 256x256 + HorizontalFlip, batch 8 (last incomplete batch dropped), cross-entropy, Adam 1e-3,
CosineAnnealingLR over the epochs, GroupKFold by drive, validation on whole images. Prints one JSON line per epoch.
"""

import argparse
import json
import os
import random
import time
from pathlib import Path


def group_k_fold(groups: list[str], folds: int) -> list[list[int]]:
    """scikit-learn's GroupKFold without shuffling: largest group first, each to the lightest fold."""
    names = sorted(set(groups))
    sizes = [groups.count(name) for name in names]
    order = sorted(range(len(names)), key=lambda i: (sizes[i], i))[::-1]
    weight, fold_of = [0] * folds, {}
    for i in order:
        lightest = weight.index(min(weight))
        weight[lightest] += sizes[i]
        fold_of[names[i]] = lightest
    return [[i for i, g in enumerate(groups) if fold_of[g] == fold] for fold in range(folds)]


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("shared", type=Path)
    p.add_argument("--seed", type=int, default=0)
    p.add_argument("--fold", type=int, default=0)
    p.add_argument("--epochs", type=int, default=10)
    p.add_argument("--threads", type=int, default=2)
    a = p.parse_args()
    os.environ["OMP_NUM_THREADS"] = str(a.threads)
    import numpy as np
    import segmentation_models_pytorch as smp
    import torch
    from PIL import Image
    from safetensors.torch import load_file

    torch.set_num_threads(a.threads)
    torch.manual_seed(a.seed)
    rng = random.Random(a.seed)
    root = a.shared / "data" / "camvid"
    files = sorted([*root.glob("train/*.png"), *root.glob("val/*.png")], key=lambda f: f.name)
    folds = group_k_fold([f.name.split("_")[0] for f in files], 3)
    valid = set(folds[a.fold])

    def read(file: Path) -> tuple[torch.Tensor, torch.Tensor]:
        image = torch.from_numpy(np.asarray(Image.open(file).convert("RGB")).copy()).permute(2, 0, 1)
        mask = torch.from_numpy(np.asarray(Image.open(file.parent.parent / f"{file.parent.name}annot" / file.name)).copy())
        return (image.float() / 255 - 0.5) / 0.5, torch.where(mask == 11, 255, mask.long())

    data = [read(f) for f in files]
    train = [i for i in range(len(files)) if i not in valid]

    model = smp.create_model("unet", "tu-tf_efficientnet_lite0", encoder_weights=None, classes=11)
    weights = load_file(a.shared / "weights" / "efficientnet-lite0-imagenet.safetensors")
    result = model.encoder.model.load_state_dict(weights, strict=False)
    assert not result.missing_keys, result.missing_keys
    model = model.to(memory_format=torch.channels_last)
    loss_fn = torch.nn.CrossEntropyLoss(ignore_index=255)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=a.epochs)

    def augmented(i: int) -> tuple[torch.Tensor, torch.Tensor]:
        image, mask = data[i]
        y, x = rng.randint(0, image.shape[1] - 256), rng.randint(0, image.shape[2] - 256)
        image, mask = image[:, y : y + 256, x : x + 256], mask[y : y + 256, x : x + 256]
        return (image.flip(2), mask.flip(1)) if rng.random() < 0.5 else (image, mask)

    for epoch in range(1, a.epochs + 1):
        began = time.perf_counter()
        model.train()
        rng.shuffle(train)
        losses = []
        for start in range(0, len(train) - 7, 8):
            batch = [augmented(i) for i in train[start : start + 8]]
            image = torch.stack([b[0] for b in batch]).contiguous(memory_format=torch.channels_last)
            loss = loss_fn(model(image), torch.stack([b[1] for b in batch]))
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        scheduler.step()
        model.eval()
        confusion = torch.zeros(11, 11, dtype=torch.int64)
        with torch.inference_mode():
            for i in sorted(valid):
                image, mask = data[i]
                predicted = model(image[None])[0].argmax(0)
                keep = mask != 255
                confusion += torch.bincount(mask[keep] * 11 + predicted[keep], minlength=121).reshape(11, 11)
        tp = confusion.diagonal()
        union = confusion.sum(0) + confusion.sum(1) - tp
        iou = (tp[union > 0] / union[union > 0]).mean().item()
        print(json.dumps({"seed": a.seed, "epoch": epoch, "train_loss": round(sum(losses) / len(losses), 4),
                          "valid_mIoU": round(iou, 4), "train": len(train), "valid": len(valid),
                          "seconds": round(time.perf_counter() - began, 1)}), flush=True)


if __name__ == "__main__":
    main()
