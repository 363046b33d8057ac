"""Training of a critic T(x, z) in plain PyTorch: an MLP on concat(x, z), eager autograd, Adam, float32."""

import argparse
import json
import math
import sys
import time

from torch_ais import keep_freed_memory
from workload import stop_not_installed

LATENT, OUTPUTS, VARIANCE = 20, 784, 0.01


def critic(torch, hidden):
    nn = torch.nn
    widths = [OUTPUTS + LATENT, *hidden]
    layers = []
    for n_in, n_out in zip(widths, widths[1:]):
        layers += [nn.Linear(n_in, n_out), nn.ReLU()]
    last = nn.Linear(widths[-1], 1)
    nn.init.zeros_(last.weight)
    nn.init.zeros_(last.bias)
    return nn.Sequential(*layers, last)


class Training:
    """One update of each objective, on pairs drawn from x = W z + noise."""

    def __init__(self, torch, args, dtype=None):
        self.torch, self.args = torch, args
        torch.manual_seed(args.seed)
        self.net = critic(torch, args.hidden)
        self.weight = torch.randn(OUTPUTS, LATENT) / math.sqrt(LATENT)
        if dtype is not None:
            self.net, self.weight = self.net.to(dtype), self.weight.to(dtype)
        self.optimizer = torch.optim.Adam(self.net.parameters(), lr=1e-4)
        self.average = None

    def pairs(self):
        torch = self.torch
        z = torch.randn(self.args.batch, LATENT, dtype=self.weight.dtype)
        x = torch.nn.functional.linear(z, self.weight)
        return x.add_(torch.randn_like(x), alpha=math.sqrt(VARIANCE)), z

    def energy(self, x, z):
        return self.net(self.torch.cat([x, z], -1)).squeeze(-1)

    def infonce(self, x, z):
        """Every x with every z of the minibatch."""
        batch = len(x)
        scores = self.energy(x[:, None].expand(-1, batch, -1), z[None].expand(batch, -1, -1))
        return (scores.logsumexp(1) - math.log(batch) - scores.diagonal()).mean()

    def mine_dv(self, x, z):
        """One negative for each pair: the next row's z. The gradient's denominator is a moving average."""
        torch = self.torch
        both = self.energy(torch.cat([x, x]), torch.cat([z, z.roll(-1, 0)]))
        positive, negative = both.chunk(2)
        mean = negative.exp().mean()
        return mean / self.moving_average(mean.detach()) - positive.mean()

    def moving_average(self, mean):
        self.average = mean if self.average is None else 0.99 * self.average + 0.01 * mean
        return self.average

    def mine_ais(self, x, z):
        chains = self.hmc(x, z)
        ends, truth = self.energy(self.torch.cat([x, x]), self.torch.cat([chains, z])).chunk(2)
        return ends.mean() - truth.mean()

    def value_and_gradient(self, x, z):
        """log N(z; 0, I) + T(x, z), up to a constant."""
        with self.torch.enable_grad():
            z = z.detach().requires_grad_()
            value = self.energy(x, z) - 0.5 * z.square().sum(-1)
            (gradient,) = self.torch.autograd.grad(value.sum(), z)
        return value.detach(), gradient

    def hmc(self, x, z):
        torch, step = self.torch, self.args.step
        with torch.no_grad():
            for parameter in self.net.parameters():
                parameter.requires_grad_(False)
            value, gradient = self.value_and_gradient(x, z)
            for _ in range(self.args.transitions):
                start = torch.randn_like(z)
                p, new = torch.add(start, gradient, alpha=0.5 * step), z
                for i in range(self.args.leapfrog):
                    new = torch.add(new, p, alpha=step)
                    new_value, new_gradient = self.value_and_gradient(x, new)
                    p = torch.add(p, new_gradient, alpha=step if i + 1 < self.args.leapfrog else 0.5 * step)
                drop = new_value - value + 0.5 * (start.square().sum(-1) - p.square().sum(-1))
                accept = torch.rand_like(drop).log() < drop
                column = accept[:, None]
                z, gradient = torch.where(column, new, z), torch.where(column, new_gradient, gradient)
                value = torch.where(accept, new_value, value)
            for parameter in self.net.parameters():
                parameter.requires_grad_(True)
        return z

    def update(self):
        loss = getattr(self, self.args.objective)(*self.pairs())
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()


def check(torch, args):
    """The gradient of each objective against finite differences in float64, on a small critic."""
    args.hidden, args.batch, args.transitions = [7, 5], 4, 0
    errors = {}
    for objective in ("infonce", "mine_dv", "mine_ais"):
        training = Training(torch, args, torch.float64)
        torch.nn.init.normal_(training.net[-1].weight)
        x, z = training.pairs()
        loss = getattr(training, objective)
        # What the gradient takes for constant.
        chains, average = torch.randn_like(z), torch.tensor(1.5)
        training.hmc = lambda x, z: chains
        training.moving_average = lambda mean: average
        loss(x, z).backward()
        weight = training.net[0].weight
        direction = torch.randn_like(weight)
        slope = (weight.grad * direction).sum()
        values = []
        for sign in (1, -1):
            with torch.no_grad():
                weight.add_(direction, alpha=sign * 1e-6)
                values.append(loss(x, z))
                weight.sub_(direction, alpha=sign * 1e-6)
        difference = (values[0] - values[1]) / 2e-6
        errors[objective] = float(abs(slope - difference) / abs(slope))
    return max(errors.values()) < 1e-6, errors


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--objective", choices=["infonce", "mine_dv", "mine_ais"], default="infonce")
    parser.add_argument("--hidden", type=int, nargs="*", default=[2000, 2000])
    parser.add_argument("--batch", type=int, default=100)
    parser.add_argument("--transitions", type=int, default=10)
    parser.add_argument("--leapfrog", type=int, default=20)
    parser.add_argument("--step", type=float, default=0.05)
    parser.add_argument("--iterations", type=int, default=2, help="updates that are timed")
    parser.add_argument("--warmup", type=int, default=1, help="updates before that")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--turns", action="store_true", help="time so many updates whenever a line comes in")
    parser.add_argument("--check", action="store_true", help="check gradients instead of timing")
    args = parser.parse_args()
    try:
        import torch
    except ModuleNotFoundError as error:
        stop_not_installed(error.name)
    keep_freed_memory()
    torch.set_num_threads(args.threads)
    if args.check:
        ok, errors = check(torch, args)
        print(json.dumps({"peer": "torch", "ok": ok, "gradientErrors": errors}))
        sys.exit(0 if ok else 1)
    training = Training(torch, args)
    for _ in range(args.warmup):
        training.update()
    version = torch.__version__.split("+")[0]
    for _ in sys.stdin if args.turns else [None]:
        begun = time.perf_counter()
        for _ in range(args.iterations):
            training.update()
        seconds = (time.perf_counter() - begun) / args.iterations
        report = {"peer": "torch", "version": version, "objective": args.objective, "secondsPerUpdate": seconds}
        print(json.dumps(report), flush=True)


if __name__ == "__main__":
    main()
