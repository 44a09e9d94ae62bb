"""Checkpoints between Foldwise and segmentation_models_pytorch, both ways.

    exchange.py make  RUN FOLDER                  a network as the run's, with weights of its own: smp.safetensors, smp.pth,
                                                  smp.legacy.pth and trainer.pth (a dictionary with epoch and optimizer)
    exchange.py judge RUN CHECKPOINT IMAGES PREDICTIONS
                                                  loads CHECKPOINT strictly, predicts IMAGES and compares with the label
                                                  maps that Foldwise wrote; prints one JSON object

RUN is a folder of foldwise/runs: run.json says architecture, encoder and classes. Images must not be resized by the run.
"""

import json
import sys
from pathlib import Path

import numpy
import segmentation_models_pytorch as smp
import torch
from PIL import Image
from safetensors.torch import load_file, save_file

MEAN = torch.tensor([0.485, 0.456, 0.406]).view(3, 1, 1)
STD = torch.tensor([0.229, 0.224, 0.225]).view(3, 1, 1)


def record_of(run):
    return json.loads((Path(run) / "run.json").read_text())


def network_of(record):
    model = dict(record["config"]["model"], encoder_weights=None, classes=len(record["classes"]))
    known = ("arch", "encoder_name", "encoder_weights", "encoder_depth", "in_channels", "classes", "decoder_channels")
    return smp.create_model(**{key: model[key] for key in known if key in model})


def make(run, folder):
    torch.manual_seed(7)
    network = network_of(record_of(run))
    for module in network.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.running_mean.normal_(0, 0.1)
            module.running_var.uniform_(0.5, 2)
            module.num_batches_tracked.fill_(11)
    state, folder = network.state_dict(), Path(folder)
    save_file(state, folder / "smp.safetensors")
    torch.save(state, folder / "smp.pth")
    torch.save(state, folder / "smp.legacy.pth", _use_new_zipfile_serialization=False)
    optimizer = torch.optim.Adam(network.parameters())
    trainer = {"epoch": 3, "state_dict": state, "optimizer": optimizer.state_dict()}
    torch.save(trainer, folder / "trainer.pth")
    torch.save(network, folder / "whole-model.pth")


def judge(run, checkpoint, images, predictions):
    record = record_of(run)
    network = network_of(record)
    is_torch = checkpoint.endswith(".pth")
    network.load_state_dict(torch.load(checkpoint, weights_only=True) if is_torch else load_file(checkpoint), strict=True)
    network.eval()
    ids = numpy.array([each["id"] for each in record["classes"]])
    pixels = different = 0
    margin = 0.0
    for path in sorted(Path(images).iterdir()):
        image = torch.from_numpy(numpy.array(Image.open(path).convert("RGB"))).permute(2, 0, 1) / 255
        with torch.no_grad():
            logits = network(((image - MEAN) / STD).unsqueeze(0))[0]
        theirs = ids[logits.argmax(0).numpy()]
        ours = numpy.array(Image.open(Path(predictions) / f"{path.stem}.png"))
        apart = theirs != ours
        pixels += apart.size
        different += int(apart.sum())
        top = logits.topk(2, dim=0).values
        if apart.any():
            margin = max(margin, float((top[0] - top[1])[torch.from_numpy(apart)].max()))
    print(json.dumps({"pixels": pixels, "different": different, "margin": margin}))


if __name__ == "__main__":
    {"make": make, "judge": judge}[sys.argv[1]](*sys.argv[2:])
