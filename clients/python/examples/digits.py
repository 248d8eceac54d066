"""A small convolutional network that reads handwritten digits of 8 x 8 pixels. Written for PyTorch; only the import differs.

    AUTOGRAD_SERVER=localhost:50051 python examples/digits.py [path of digits.csv.gz]
"""

import pathlib
import sys

import numpy as np

import autograd_client as torch
import autograd_client.nn as nn
import autograd_client.nn.functional as F
import autograd_client.optim as optim


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 8, kernel_size=3, padding=1)
        self.conv2 = nn.Conv2d(8, 16, kernel_size=3, padding=1)
        self.pool = nn.MaxPool2d(2)
        self.dropout = nn.Dropout(0.25)
        self.fc1 = nn.Linear(16 * 2 * 2, 64)
        self.fc2 = nn.Linear(64, 10)

    def forward(self, x):
        x = self.pool(F.relu(self.conv1(x)))
        x = self.pool(F.relu(self.conv2(x)))
        x = self.dropout(torch.flatten(x, 1))
        x = F.relu(self.fc1(x))
        return self.fc2(x)


def load(path):
    """Images of shape (n, 1, 8, 8) with values in [0, 1], and their classes."""
    table = np.loadtxt(path, delimiter=",", dtype=np.float32)
    return torch.from_numpy(table[:, :64].reshape(-1, 1, 8, 8) / 16), torch.from_numpy(table[:, 64].astype(np.int64))


default = pathlib.Path(__file__).resolve().parents[3] / "examples" / "Digits" / "data" / "digits.csv.gz"
images, labels = load(sys.argv[1] if len(sys.argv) > 1 else default)
torch.manual_seed(0)
shuffled = torch.randperm(len(images))
images, labels = images[shuffled], labels[shuffled]
train_x, train_y, test_x, test_y = images[:1400], labels[:1400], images[1400:], labels[1400:]

device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
model = Net().to(device)
criterion = nn.CrossEntropyLoss()
optimizer = optim.Adam(model.parameters(), lr=0.01)

for epoch in range(4):
    model.train()
    running_loss = 0.0
    order = torch.randperm(len(train_x))
    for start in range(0, len(train_x), 50):
        batch = order[start : start + 50]
        data, target = train_x[batch].to(device), train_y[batch].to(device)
        optimizer.zero_grad()
        loss = criterion(model(data), target)
        loss.backward()
        optimizer.step()
        running_loss += loss.item()
    model.eval()
    with torch.no_grad():
        predicted = model(test_x).argmax(dim=1)
        accuracy = (predicted == test_y).float().mean().item()
    print(f"epoch {epoch + 1}: loss {running_loss / 28:.4f}, accuracy {accuracy:.3f}")

assert accuracy > 0.9
