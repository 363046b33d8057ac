"""Training of differentiable annealed importance sampling in plain PyTorch: eager autograd through all transitions, Adam, float32."""

import math

import dais_workload as shared
from torch_ais import keep_freed_memory


def build(args, target):
    import torch

    keep_freed_memory()
    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    tensor = lambda values: torch.tensor(values, dtype=torch.float32)  # noqa: E731
    centre, root = tensor(target.mean), tensor(target.root)
    diagonal = target.design is not None
    design = tensor(target.design) if diagonal else None
    rows, dim, steps = args.particles * args.batch, target.dim, args.steps
    parameters = {name: tensor(value).requires_grad_() for name, value in shared.start(dim, steps).items()}
    optimizer = torch.optim.Adam(parameters.values(), lr=shared.LEARNING_RATE)

    def log_density(z):
        scaled = z if diagonal else (z - centre) @ root
        value = target.constant - 0.5 * scaled.square().sum(-1)
        return value - torch.nn.functional.softplus(z @ design).sum(-1) if diagonal else value

    def log_normal(x, mean, log_variance):
        squares = (x - mean).square() * torch.exp(-log_variance) + log_variance
        return -0.5 * (squares.sum(-1) + dim * math.log(2 * math.pi))

    def bound():
        mean, log_variance = parameters["mean"], parameters["log_variance"]
        betas = torch.cumsum(torch.softmax(parameters["schedule"], 0), 0)
        deltas, mass = torch.exp(parameters["log_step"]), torch.exp(parameters["log_mass"])
        eta = 0.98 * torch.sigmoid(parameters["refreshment"]) + 0.01
        z = mean + torch.exp(0.5 * log_variance) * torch.randn(rows, dim)
        v = torch.sqrt(mass) * torch.randn(rows, dim)
        weight = -log_normal(z, mean, log_variance)
        for k in range(steps):
            beta, delta = betas[k], deltas[k]
            z = z + 0.5 * delta * v / mass
            path = (1 - beta) * log_normal(z, mean, log_variance) + beta * log_density(z)
            (force,) = torch.autograd.grad(path.sum(), z, create_graph=True)
            kicked = v + delta * force
            z = z + 0.5 * delta * kicked / mass
            weight = weight + 0.5 * ((v.square() - kicked.square()) / mass).sum(-1)
            if k + 1 < steps:
                v = eta * kicked + torch.sqrt((1 - eta * eta) * mass) * torch.randn(rows, dim)
        weight = (weight + log_density(z)).view(args.particles, args.batch)
        return (weight.logsumexp(0) - math.log(args.particles)).mean()

    class TorchPeer:
        name = "torch"
        version = torch.__version__.split("+")[0]

        def update(self, count):
            for _ in range(count):
                value = bound()
                optimizer.zero_grad()
                (-value).backward()
                torch.nn.utils.clip_grad_norm_(parameters.values(), shared.CLIP)
                optimizer.step()
            return value.item()

    return TorchPeer()


if __name__ == "__main__":
    shared.main(build, __doc__)
