"""Training by Monte Carlo diffusion in plain PyTorch: eager autograd through all transitions, Adam, float32."""

import math

import mcd_workload as shared
from torch_ais import keep_freed_memory


def build(args):
    import torch
    from torch import nn
    from torch.nn import functional as F

    keep_freed_memory()
    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    steps, batch, once = args.steps, args.batch, args.network == "once"

    class Block(nn.Module):
        def __init__(self):
            super().__init__()
            self.norm = nn.LayerNorm(args.width)
            self.inner = nn.Linear(args.width, 2 * args.width)
            self.times = nn.Linear(args.embedding, 2 * args.width, bias=False)
            self.outer = nn.Linear(2 * args.width, args.width)

        def forward(self, h, time):
            inner = self.inner(F.silu(self.norm(h))) + self.times(time).unsqueeze(-2)
            return h + self.outer(F.silu(inner))

    class Score(nn.Module):
        """Of a transition's rows [R, i] and its number, or of all at once [K, R, i] and all numbers."""

        def __init__(self, inputs, dim):
            super().__init__()
            self.first = nn.Linear(inputs, args.width)
            self.table = nn.Embedding(steps, args.embedding)
            self.blocks = nn.ModuleList(Block() for _ in range(3))
            self.last = nn.Linear(args.width, dim)
            nn.init.zeros_(self.last.weight)
            nn.init.zeros_(self.last.bias)

        def forward(self, x, k):
            h, time = self.first(x), self.table(k)
            for block in self.blocks:
                h = block(h, time)
            return self.last(h)

    class StepSizes(nn.Module):
        def __init__(self, start):
            super().__init__()
            self.net = nn.Sequential(nn.Linear(1, shared.UNITS), nn.SiLU(), nn.Linear(shared.UNITS, 1))
            nn.init.zeros_(self.net[-1].weight)
            nn.init.constant_(self.net[-1].bias, shared.level(start))

        def forward(self):
            return shared.MAXIMUM * torch.sigmoid(self.net(torch.arange(1, steps + 1).unsqueeze(1) / steps)).squeeze(1)

    class Mixture(nn.Module):
        """ULA-MCD."""

        def __init__(self):
            super().__init__()
            self.score = Score(shared.DIM, shared.DIM)
            self.sizes = StepSizes(0.1)
            self.register_buffer("centres", torch.tensor(shared.centres(), dtype=torch.float32))

        def log_density(self, x):
            squares = (x.unsqueeze(1) - self.centres).square().sum(-1)
            constant = math.log(shared.COMPONENTS) + 0.5 * shared.DIM * math.log(2 * math.pi)
            return torch.logsumexp(-0.5 * squares, 1) - constant

        def force(self, x):
            (force,) = torch.autograd.grad(self.log_density(x).sum(), x, create_graph=True)
            return force

        def bound(self):
            numbers, variance = torch.arange(steps), shared.START_STD**2
            deltas = self.sizes()
            x = (shared.START_STD * torch.randn(batch, shared.DIM)).requires_grad_()
            constant = 0.5 * shared.DIM * math.log(2 * math.pi * variance)
            weight = 0.5 * x.square().sum(-1) / variance + constant
            force, ends, residuals = self.force(x), [], []
            for k in range(steps):
                beta, delta = (k + 1) / steps, deltas[k]
                first = beta * force - (1 - beta) * x / variance
                new = x + delta * first + torch.sqrt(2 * delta) * torch.randn_like(x)
                force = self.force(new)
                second = beta * force - (1 - beta) * new / variance
                move = new - x
                terms = (first + second) * (0.25 * delta * (first - second) - 0.5 * move)
                weight, residual = weight + terms.sum(-1), move + delta * second
                if once:
                    ends.append(new)
                    residuals.append(residual)
                else:
                    score = self.score(new, numbers[k])
                    weight = weight - (score * residual).sum(-1) - delta * score.square().sum(-1)
                x = new
            if once:
                score = self.score(torch.stack(ends), numbers)
                weight = weight - (score * torch.stack(residuals)).sum((0, 2)) - (deltas[:, None, None] * score.square()).sum((0, 2))
            return (weight + self.log_density(x)).mean()

    def dense(sizes):
        layers = [nn.Linear(a, b) for a, b in zip(sizes[:-1], sizes[1:])]
        return nn.Sequential(*(part for layer in layers for part in (layer, nn.Tanh())))

    class Vae(nn.Module):
        """UHA-MCD."""

        def __init__(self):
            super().__init__()
            hidden, latent = shared.HIDDEN, shared.LATENT
            self.encoder = dense((shared.PIXELS, *hidden))
            self.mean, self.log_variance = nn.Linear(hidden[-1], latent), nn.Linear(hidden[-1], latent)
            self.summary = nn.Linear(hidden[-1], shared.SUMMARY)
            self.decoder = nn.Sequential(dense((latent, *hidden)), nn.Linear(hidden[-1], shared.PIXELS))
            self.score = Score(2 * latent + shared.SUMMARY, latent)
            self.sizes = StepSizes(0.02)
            self.schedule, self.log_mass = nn.Parameter(torch.zeros(steps)), nn.Parameter(torch.zeros(latent))
            self.refreshment = nn.Parameter(torch.tensor(0.85))
            self.register_buffer("x", torch.from_numpy(shared.pictures(batch)))

        def log_density(self, z):
            likelihood = -F.binary_cross_entropy_with_logits(self.decoder(z), self.x, reduction="none").sum(-1)
            return likelihood - 0.5 * (z.square().sum(-1) + shared.LATENT * math.log(2 * math.pi))

        def force(self, z):
            (force,) = torch.autograd.grad(self.log_density(z).sum(), z, create_graph=True)
            return force

        def bound(self):
            features, numbers = self.encoder(self.x), torch.arange(steps)
            mean, log_variance, told = self.mean(features), self.log_variance(features), self.summary(features)
            precision, mass = torch.exp(-log_variance), torch.exp(self.log_mass)
            gates = torch.sigmoid(self.schedule)
            betas, deltas = torch.cumsum(gates, 0) / gates.sum(), self.sizes()
            h = 0.98 * torch.sigmoid(self.refreshment) + 0.01
            noise = torch.randn(batch, shared.LATENT)
            z = mean + torch.exp(0.5 * log_variance) * noise
            p = torch.sqrt(mass) * torch.randn_like(z)
            weight = 0.5 * (noise.square() + log_variance).sum(-1) + 0.5 * shared.LATENT * math.log(2 * math.pi)
            force, inputs, residuals = self.force(z), [], []
            spread, rate = 1 - h * h, -2 * torch.log(h)
            for k in range(steps):
                beta, delta = betas[k], deltas[k]
                fresh = h * p + torch.sqrt(spread * mass) * torch.randn_like(p)
                seen = torch.cat([z, fresh, told], -1)
                if once:
                    inputs.append(seen)
                    residuals.append(p - h * fresh)
                else:
                    shift = h * rate * mass * self.score(seen, numbers[k])
                    weight = weight + ((shift * (p - h * fresh) - 0.5 * shift.square()) / (spread * mass)).sum(-1)
                kicked = fresh + 0.5 * delta * (beta * force + (1 - beta) * (mean - z) * precision)
                z = z + delta * kicked / mass
                force = self.force(z)
                p = kicked + 0.5 * delta * (beta * force + (1 - beta) * (mean - z) * precision)
                weight = weight + 0.5 * ((fresh.square() - p.square()) / mass).sum(-1)
            if once:
                shift = h * rate * mass * self.score(torch.stack(inputs), numbers)
                weight = weight + ((shift * torch.stack(residuals) - 0.5 * shift.square()) / (spread * mass)).sum((0, 2))
            return (weight + self.log_density(z)).mean()

    model = {"mixture": Mixture, "vae": Vae}[args.target]()
    optimizer = torch.optim.Adam(model.parameters(), lr=shared.RATES[args.target])

    class TorchPeer:
        name = "torch"
        version = torch.__version__.split("+")[0]

        def update(self, count):
            for _ in range(count):
                value = model.bound()
                optimizer.zero_grad()
                (-value).backward()
                nn.utils.clip_grad_norm_(model.parameters(), shared.CLIP)
                optimizer.step()
            return value.item()

    return TorchPeer()


if __name__ == "__main__":
    shared.main(build, __doc__)
