"""Training of one block of an annealing flow in plain PyTorch: eager autograd through three Runge-Kutta steps, Adam, float32.

The velocity has two hidden layers of tanh, and its divergence is the closed form g1' (W2' * (W1 W3)) g2, whose middle is computed once an
update. Minibatches are drawn from particles; the loss is -log f(x(1)) - D + gamma * sum |dx|^2 S.
"""

import argparse
import json
import math
import sys
import time

from torch_ais import keep_freed_memory
from workload import stop_not_installed

STEPS, GAMMA, BETA, CLIP = 3, 0.1, 0.125, 1.0


def build(args):
    import torch

    keep_freed_memory()
    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    dim, width = args.dim, args.width
    layers = [torch.nn.Linear(*sizes) for sizes in ((dim, width), (width, width), (width, dim))]
    with torch.no_grad():
        layers[2].weight.mul_(0.1)
        layers[2].bias.zero_()
    parameters = [parameter for layer in layers for parameter in layer.parameters()]
    (w1, b1), (w2, b2), (w3, b3) = [(layer.weight, layer.bias) for layer in layers]
    optimizer = torch.optim.Adam(parameters, lr=args.learning_rate)
    particles = torch.randn(args.particles, dim)
    angles = torch.arange(6) * (math.pi / 3)
    means = 8 * torch.stack([torch.cos(angles), torch.sin(angles)], 1)

    def log_density(x):
        if args.target == "circle":
            squares = (x[:, None] - means).square().sum(-1)
            return torch.logsumexp(-0.5 * squares, 1) - math.log(6) - math.log(2 * math.pi)
        return (10 * x.abs() - 0.5 * x.square()).sum(-1)

    def velocity(x, coupling):
        h1 = torch.tanh(torch.addmm(b1, x, w1.T))
        h2 = torch.tanh(torch.addmm(b2, h1, w2.T))
        divergence = (((1 - h1.square()) @ coupling) * (1 - h2.square())).sum(-1)
        return torch.addmm(b3, h2, w3.T), divergence

    def loss_of(x):
        coupling = w2.T * (w1 @ w3)
        h = 1 / STEPS
        total, moved = 0, 0
        for _ in range(STEPS):
            v1, d1 = velocity(x, coupling)
            v2, d2 = velocity(x + (h / 2) * v1, coupling)
            v3, d3 = velocity(x + (h / 2) * v2, coupling)
            v4, d4 = velocity(x + h * v3, coupling)
            step = (h / 6) * (v1 + 2 * (v2 + v3) + v4)
            total = total + (h / 6) * (d1 + 2 * (d2 + d3) + d4)
            moved = moved + step.square().sum(-1)
            x = x + step
        normal = -0.5 * x.square().sum(-1) - 0.5 * dim * math.log(2 * math.pi)
        bridge = (1 - BETA) * normal + BETA * log_density(x)
        return (GAMMA * STEPS * moved - bridge - total).mean()

    def update(count):
        for _ in range(count):
            loss = loss_of(particles[torch.randint(args.particles, (args.batch,))])
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(parameters, CLIP)
            optimizer.step()
        return loss.item()

    return update, torch.__version__.split("+")[0]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--target", choices=["circle", "exponential"], default="circle")
    parser.add_argument("--dim", type=int, default=2)
    parser.add_argument("--width", type=int, default=32, help="of both hidden layers")
    parser.add_argument("--batch", type=int, default=256)
    parser.add_argument("--particles", type=int, default=5000)
    parser.add_argument("--learning-rate", type=float, default=3e-3)
    parser.add_argument("--iterations", type=int, default=200, help="updates that are timed, after twenty that warm up")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--turns", action="store_true", help="whenever a line comes in, time as many updates as it says")
    args = parser.parse_args()
    try:
        update, version = build(args)
    except ModuleNotFoundError as error:
        stop_not_installed(error.name)
    if not args.turns:
        update(20)
    for line in sys.stdin if args.turns else [args.iterations]:
        begun, processor = time.perf_counter(), time.process_time()
        loss = update(int(line))
        seconds = (time.perf_counter() - begun) / int(line)
        processor = (time.process_time() - processor) / int(line)
        report = {"secondsPerUpdate": seconds, "cpuSecondsPerUpdate": processor, "loss": loss}
        print(json.dumps({"peer": "torch", "version": version, **report}), flush=True)


if __name__ == "__main__":
    main()
