"""The six steps of automatic differentiation. Written for PyTorch; only the import differs: `import torch` runs it there.

    AUTOGRAD_SERVER=localhost:50051 python examples/autograd_tutorial.py
"""

import autograd_client as torch

# 1. A computation, recorded as it runs.
x = torch.ones(5)
y = torch.zeros(3)
torch.manual_seed(0)
w = torch.randn(5, 3, requires_grad=True)
b = torch.randn(3, requires_grad=True)
z = torch.matmul(x, w) + b
loss = torch.nn.functional.binary_cross_entropy_with_logits(z, y)
print(f"Gradient function for z = {z.grad_fn}")
print(f"Gradient function for loss = {loss.grad_fn}")

# 2. Gradients. Each row of w meets the same input, so its gradient's rows are equal; they are that of b.
loss.backward()
print(w.grad)
print(b.grad)
expected = torch.sigmoid(z.detach()) / 3
assert torch.allclose(b.grad, expected) and torch.allclose(w.grad, expected.expand(5, 3))

# 3. Without recording.
z = torch.matmul(x, w) + b
print(z.requires_grad)
with torch.no_grad():
    z = torch.matmul(x, w) + b
print(z.requires_grad)
z = torch.matmul(x, w) + b
print(z.detach().requires_grad)
assert not z.detach().requires_grad

# 4. A graph is used up by backward, unless it is kept.
z = (w * w).sum()
z.backward(retain_graph=True)
z.backward()
try:
    z.backward()
    print(w.grad[0, 0].item())
except RuntimeError as error:
    print("again:", str(error).splitlines()[0][:63])

# 5. Tensors with more than one element: products with the Jacobian. Gradients accumulate until they are reset.
inp = torch.eye(4, 5, requires_grad=True)
out = (inp + 1).pow(2).t()
out.backward(torch.ones_like(out), retain_graph=True)
print(f"First call\n{inp.grad}")
out.backward(torch.ones_like(out), retain_graph=True)
print(f"\nSecond call\n{inp.grad}")
inp.grad.zero_()
out.backward(torch.ones_like(out), retain_graph=True)
print(f"\nCall after zeroing gradients\n{inp.grad}")
assert inp.grad.tolist() == [[4.0 if i == j else 2.0 for j in range(5)] for i in range(4)]

# 6. Whole Jacobians, and gradients of gradients.
jacobian = torch.autograd.functional.jacobian(lambda v: v.pow(2).sum(dim=1), torch.arange(6.0).reshape(2, 3))
print(jacobian.shape)
assert jacobian[0, 0].tolist() == [0.0, 2.0, 4.0] and jacobian[0, 1].tolist() == [0.0, 0.0, 0.0]
t = torch.tensor(2.0, requires_grad=True)
(first,) = torch.autograd.grad(t**4, t, create_graph=True)
(second,) = torch.autograd.grad(first, t)
print(first.item(), second.item())
assert (first.item(), second.item()) == (32.0, 48.0)
