"""A small network that tells two interleaved half circles apart. Written for PyTorch; only the import differs.

    AUTOGRAD_SERVER=localhost:50051 python examples/two_moons.py
"""

import math

import autograd_client as torch
from autograd_client import nn


def make_moons(count, noise):
    """Points on two half circles, and which of the two each is on."""
    angle = torch.rand(count) * math.pi
    label = torch.arange(count) % 2
    upper = torch.stack([torch.cos(angle), torch.sin(angle)], dim=1)
    lower = torch.stack([1 - torch.cos(angle), 0.5 - torch.sin(angle)], dim=1)
    points = torch.where(label.unsqueeze(1) == 0, upper, lower)
    return points + noise * torch.randn(count, 2), label.float()


torch.manual_seed(1)
train_x, train_y = make_moons(400, 0.1)
test_x, test_y = make_moons(200, 0.1)

model = nn.Sequential(nn.Linear(2, 32), nn.Tanh(), nn.Linear(32, 32), nn.ReLU(), nn.Linear(32, 1))
print(model)
criterion = nn.BCEWithLogitsLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)

for epoch in range(201):
    optimizer.zero_grad()
    loss = criterion(model(train_x).squeeze(1), train_y)
    loss.backward()
    optimizer.step()
    if epoch % 50 == 0:
        with torch.no_grad():
            correct = ((model(test_x).squeeze(1) > 0).float() == test_y).float().mean()
        print(f"epoch {epoch:3d}: loss {loss.item():.4f}, accuracy {correct.item():.3f}")

assert correct.item() > 0.97
