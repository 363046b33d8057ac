# Makes the golden files beside it, with PyTorch 1.7.1 on Python 3.8: python make.py
from collections import OrderedDict
from os.path import dirname, join
import torch

torch.manual_seed(0)
model = torch.nn.DataParallel(torch.nn.Sequential(torch.nn.Linear(3, 2), torch.nn.BatchNorm1d(2)))
optimizer = torch.optim.Adam(model.parameters())
model(torch.randn(4, 3)).sum().backward()
optimizer.step()
base = torch.arange(24, dtype=torch.float32).reshape(2, 3, 4)
every_type = OrderedDict(
    base=base,
    transposed=base.permute(2, 0, 1),
    strided=base[1, 1:, ::2],
    expanded=torch.ones(1).expand(3, 2),
    scalar=torch.tensor(2.5),
    empty=torch.zeros(0, 3),
    parameter=torch.nn.Parameter(torch.ones(2)),
    half=torch.tensor([1.5, -2, 2.0**-24, 65504], dtype=torch.float16),
    bfloat=torch.tensor([1.5, -3e38], dtype=torch.bfloat16),
    double=torch.tensor([1 / 3], dtype=torch.float64),
    int64=torch.tensor([-1, 2**62]),
    int32=torch.tensor([-5], dtype=torch.int32),
    int16=torch.tensor([-5], dtype=torch.int16),
    int8=torch.tensor([-5], dtype=torch.int8),
    uint8=torch.tensor([255], dtype=torch.uint8),
    bool=torch.tensor([True, False]),
)
training = {
    "state_dict": model.state_dict(),
    "optimizer": optimizer.state_dict(),
    "global_epoch": 7,
    "validation_loss_list": [1.5, 2.5],
    "rng": torch.arange(16, dtype=torch.uint8),
    "device": torch.device("cuda", 0),
    "dtype": torch.float32,
    "shape": torch.Size([1, 2]),
}
for kind, new in (("zip", True), ("stream", False)):
    for name, value in (("types", every_type), ("training", training)):
        path = join(dirname(__file__), f"{name}-{kind}.pth")
        torch.save(value, path, _use_new_zipfile_serialization=new)
torch.save(every_type, join(dirname(__file__), "types-protocol4.pth"), pickle_protocol=4)
