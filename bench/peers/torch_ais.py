"""Annealed importance sampling with HMC transitions in plain PyTorch: eager autograd, float32."""

import ctypes
import sys

import workload as shared


def keep_freed_memory():
    """Have glibc reuse freed activations, rather than fault fresh pages in at every evaluation."""
    if sys.platform == "linux":
        mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
        if mallopt is not None:
            trim_threshold, mmap_threshold = -1, -3
            mallopt(mmap_threshold, 32 << 20)
            mallopt(trim_threshold, 1 << 30)


def build(workload, threads):
    import torch
    import torch.nn.functional as F

    keep_freed_memory()
    torch.set_num_threads(threads)
    generator = torch.Generator().manual_seed(workload.seed)
    weights = [torch.from_numpy(w) for w in workload.weights]
    biases = [torch.from_numpy(b) for b in workload.biases]
    x = torch.from_numpy(workload.x)
    rows, latent, chains = workload.rows, workload.latent, workload.chains

    def log_likelihood(z):
        h = z
        for w, b in zip(weights[:-1], biases[:-1]):
            h = torch.tanh(F.linear(h, w, b))
        mean = F.linear(h, weights[-1], biases[-1])
        if workload.sigmoid_output:
            mean = torch.sigmoid(mean)
        # x [B, D] broadcasts over the chains.
        residual = mean.view(chains, *x.shape) - x
        squares = residual.square().sum(-1).view(-1)
        return squares * (-0.5 / workload.variance) - workload.log_normalizer

    def value_and_gradient(z):
        z = z.detach().requires_grad_()
        with torch.enable_grad():
            value = log_likelihood(z)
            (gradient,) = torch.autograd.grad(value.sum(), z)
        return value.detach(), gradient

    def half_square(a):
        return 0.5 * a.square().sum(-1)

    @torch.no_grad()
    def trajectory(z, momentum, gradient, beta, step, leapfrog):
        """Leapfrog on U(z) = |z|^2 / 2 - beta log p(x|z), with `leapfrog` evaluations."""
        step = step[:, None]
        p = momentum - 0.5 * step * (z - beta * gradient)
        for i in range(leapfrog):
            z = torch.addcmul(z, step, p)
            value, gradient = value_and_gradient(z)
            kick = step if i + 1 < leapfrog else 0.5 * step
            p = torch.addcmul(p, kick, beta * gradient - z)
        return z, p, value, gradient

    @torch.no_grad()
    def transition(z, value, gradient, beta, step, leapfrog):
        momentum = torch.randn(z.shape, generator=generator)
        new_z, new_p, new_value, new_gradient = trajectory(z, momentum, gradient, beta, step, leapfrog)
        before = half_square(z) - beta * value + half_square(momentum)
        after = half_square(new_z) - beta * new_value + half_square(new_p)
        accept = torch.rand(len(z), generator=generator).log() < before - after
        column = accept[:, None]
        return (
            torch.where(column, new_z, z),
            torch.where(accept, new_value, value),
            torch.where(column, new_gradient, gradient),
            accept,
        )

    class TorchPeer:
        name = "torch"
        version = torch.__version__.split("+")[0]

        def start(self):
            z = torch.randn(rows, latent, generator=generator)
            return (z, *value_and_gradient(z))

        @torch.no_grad()
        def anneal(self, state, betas, leapfrog):
            z, value, gradient = state
            step = torch.full((rows,), workload.step)
            log_weights = torch.zeros(rows, dtype=torch.float64)
            accepted = torch.zeros(rows)
            for previous, beta in zip(betas[:-1].tolist(), betas[1:].tolist()):
                log_weights += (beta - previous) * value.double()
                z, value, gradient, accept = transition(z, value, gradient, beta, step, leapfrog)
                accepted += accept
            accepted /= len(betas) - 1
            return (z, value, gradient), log_weights.numpy(), accepted.numpy()

        def value_and_gradient(self, z):
            value, gradient = value_and_gradient(torch.from_numpy(z))
            return value.numpy(), gradient.numpy()

        @torch.no_grad()
        def energy_change(self, z, step, leapfrog):
            z = torch.from_numpy(z)
            momentum = torch.randn(z.shape, generator=generator)
            value, gradient = value_and_gradient(z)
            before = half_square(z) - value + half_square(momentum)
            z, p, value, _ = trajectory(z, momentum, gradient, 1.0, torch.full((rows,), step), leapfrog)
            return (half_square(z) - value + half_square(p) - before).numpy()

    return TorchPeer()


if __name__ == "__main__":
    shared.main(build, __doc__)
