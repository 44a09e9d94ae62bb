"""One training step, or forward pass, of PyTorch + segmentation_models_pytorch on the CPU: the reference of `npm run bench`.

A step is what bench/ourStep.child.ts times: forward, softmax cross-entropy (ignore index 255), backward, Adam. Prints one JSON
line: median and shortest milliseconds of a step, peak memory of the process in MiB, the losses.
"""

import argparse
import json
import os
import resource
import statistics
import sys
import time


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--arch", required=True, help="as smp.create_model knows it, in any case: Unet, DeepLabV3Plus …")
    parser.add_argument("--encoder", required=True)
    parser.add_argument("--batch", type=int, default=4)
    parser.add_argument("--size", type=int, default=256)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--warm-up", type=int, default=3, help="steps before those that are measured")
    parser.add_argument("--steps", type=int, default=8, help="measured")
    parser.add_argument("--channels-last", action="store_true")
    parser.add_argument("--fused", action="store_true", help="Adam's fused form")
    parser.add_argument("--inference", action="store_true", help="a forward pass in evaluation instead of a step")
    return parser.parse_args()


def main() -> None:
    args = arguments()
    os.environ["OMP_NUM_THREADS"] = os.environ["MKL_NUM_THREADS"] = str(args.threads)
    import segmentation_models_pytorch as smp
    import torch

    torch.set_num_threads(args.threads)
    torch.manual_seed(0)
    classes = 12
    layout = torch.channels_last if args.channels_last else torch.contiguous_format
    model = smp.create_model(args.arch.lower(), args.encoder, encoder_weights=None, classes=classes)
    model = model.to(memory_format=layout).train(not args.inference)
    image = torch.rand(args.batch, 3, args.size, args.size).contiguous(memory_format=layout)
    target = torch.randint(0, classes, (args.batch, args.size, args.size))
    target[:, :8] = 255
    loss_of = torch.nn.CrossEntropyLoss(ignore_index=255)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, **({"fused": True} if args.fused else {}))

    def step() -> float:
        if args.inference:
            with torch.inference_mode():
                return float(model(image)[0, 0, 0, 0])
        optimizer.zero_grad(set_to_none=True)
        loss = loss_of(model(image), target)
        loss.backward()
        optimizer.step()
        return loss.item()

    times, losses = [], []
    for _ in range(args.warm_up + args.steps):
        began = time.perf_counter()
        losses.append(round(step(), 6))
        times.append((time.perf_counter() - began) * 1e3)
    measured = times[args.warm_up :]
    unit = 1 if sys.platform == "darwin" else 1024  # ru_maxrss: bytes on macOS, KiB on Linux
    mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 2**20
    print(json.dumps({"ms": statistics.median(measured), "min": min(measured), "mib": mib, "losses": losses}))


if __name__ == "__main__":
    main()
