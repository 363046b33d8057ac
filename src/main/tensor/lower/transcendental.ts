import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Tracer } from '../trace/tracer';
import { binary } from './binary';
import { input, type Lowering } from './types';
import { unary } from './unary';
import { castTo } from './values';

/** A formula over floats. Integers are cast for it and its result is cut back, as tfjs does. */
type Formula = (tracer: Tracer, x: TensorInfo) => TensorInfo;

function composed(formula: Formula): Lowering {
  return (tracer, inputs) => {
    const x = input(inputs, 'x');
    return castTo(tracer, formula(tracer, castTo(tracer, x, 'float32')), x.dtype);
  };
}

/** ONNX Runtime has the op for single precision only. */
function doubled(op: string, formula: Formula): Lowering {
  return composed((tracer, x) => (tracer.precision === 'float64' ? formula(tracer, x) : unary(tracer, op, x)));
}

const number = (tracer: Tracer, value: number): TensorInfo => tracer.uniform([], 'float32', value);

function plus(tracer: Tracer, x: TensorInfo, y: TensorInfo | number): TensorInfo {
  return binary(tracer, 'Add', x, typeof y === 'number' ? number(tracer, y) : y);
}

function times(tracer: Tracer, x: TensorInfo, y: TensorInfo | number): TensorInfo {
  return binary(tracer, 'Mul', x, typeof y === 'number' ? number(tracer, y) : y);
}

const minus = (tracer: Tracer, x: TensorInfo, y: TensorInfo): TensorInfo => binary(tracer, 'Sub', x, y);
const over = (tracer: Tracer, x: TensorInfo, y: TensorInfo): TensorInfo => binary(tracer, 'Div', x, y);

/** `near` where |x| < limit, `far` elsewhere (and for NaN). */
function around(tracer: Tracer, x: TensorInfo, limit: number, near: TensorInfo, far: TensorInfo): TensorInfo {
  const small = tracer.elementwise('Less', [unary(tracer, 'Abs', x), number(tracer, limit)], x.shape, 'bool');
  return tracer.elementwise('Where', [small, near, far], x.shape, 'float32');
}

/** eˣ − 1 = 2 tanh(x/2) / (1 − tanh(x/2)): no cancellation near 0. */
const expm1: Formula = (tracer, x) => {
  const tanh = unary(tracer, 'Tanh', times(tracer, x, 0.5));
  const near = over(tracer, times(tracer, tanh, 2), minus(tracer, number(tracer, 1), tanh));
  return around(tracer, x, 0.5, near, plus(tracer, unary(tracer, 'Exp', x), -1));
};

/** log(1 + x), with what rounding took from 1 + x put back near 0: log w + (x − (w − 1)) / w. */
const log1p: Formula = (tracer, x) => {
  const w = plus(tracer, x, 1);
  const log = unary(tracer, 'Log', w);
  const lost = minus(tracer, x, plus(tracer, w, -1));
  return around(tracer, x, 0.5, plus(tracer, log, over(tracer, lost, w)), log);
};

/** (eˣ ± e⁻ˣ) / 2. */
const halves = (tracer: Tracer, x: TensorInfo, op: 'Add' | 'Sub'): TensorInfo => {
  const [up, down] = [unary(tracer, 'Exp', x), unary(tracer, 'Exp', unary(tracer, 'Neg', x))];
  return times(tracer, binary(tracer, op, up, down), 0.5);
};

const sinh: Formula = (tracer, x) => {
  const m = expm1(tracer, x);
  const near = times(tracer, plus(tracer, m, over(tracer, m, plus(tracer, m, 1))), 0.5);
  return around(tracer, x, 1, near, halves(tracer, x, 'Sub'));
};

/** sign(x) log1p(|x| + x² / (1 + √(1 + x²))). */
const asinh: Formula = (tracer, x) => {
  const size = unary(tracer, 'Abs', x);
  const square = times(tracer, x, x);
  const root = unary(tracer, 'Sqrt', plus(tracer, square, 1));
  const tail = over(tracer, square, plus(tracer, root, 1));
  return times(tracer, unary(tracer, 'Sign', x), log1p(tracer, plus(tracer, size, tail)));
};

/** log1p(t + √(2t + t²)) with t = x − 1. */
const acosh: Formula = (tracer, x) => {
  const t = plus(tracer, x, -1);
  const root = unary(tracer, 'Sqrt', plus(tracer, times(tracer, t, 2), times(tracer, t, t)));
  return log1p(tracer, plus(tracer, t, root));
};

/** log1p(2x / (1 − x)) / 2. */
const atanh: Formula = (tracer, x) => {
  const ratio = over(tracer, times(tracer, x, 2), minus(tracer, number(tracer, 1), x));
  return times(tracer, log1p(tracer, ratio), 0.5);
};

const rsqrt: Formula = (tracer, x) => unary(tracer, 'Reciprocal', unary(tracer, 'Sqrt', x));

/** The angle of (b, a), from the arctangent of a / b and the half plane. */
const atan2: Lowering = (tracer, inputs) => {
  const [a, b] = [input(inputs, 'a'), input(inputs, 'b')];
  const [y, x] = [castTo(tracer, a, 'float32'), castTo(tracer, b, 'float32')];
  const zero = number(tracer, 0);
  const angle = unary(tracer, 'Atan', over(tracer, y, x));
  const choose = (condition: TensorInfo, then: TensorInfo, otherwise: TensorInfo): TensorInfo =>
    tracer.elementwise('Where', [condition, then, otherwise], angle.shape, 'float32');
  const below = binary(tracer, 'Less', y, zero, { dtype: 'bool' });
  const turn = choose(below, number(tracer, -Math.PI), number(tracer, Math.PI));
  const left = binary(tracer, 'Less', x, zero, { dtype: 'bool' });
  const onAxis = binary(tracer, 'Equal', x, zero, { dtype: 'bool' });
  const turned = choose(left, plus(tracer, angle, turn), angle);
  return castTo(tracer, choose(onAxis, times(tracer, unary(tracer, 'Sign', y), Math.PI / 2), turned), a.dtype);
};

/** Functions that ONNX lacks, has for floats only, or would compute inaccurately from its own parts. */
export const transcendentalLowerings: Record<string, Lowering> = {
  Expm1: composed(expm1),
  Log1p: composed(log1p),
  Rsqrt: composed(rsqrt),
  Tan: doubled('Tan', (tracer, x) => over(tracer, unary(tracer, 'Sin', x), unary(tracer, 'Cos', x))),
  Sinh: doubled('Sinh', sinh),
  Cosh: doubled('Cosh', (tracer, x) => halves(tracer, x, 'Add')),
  Asinh: doubled('Asinh', asinh),
  Acosh: doubled('Acosh', acosh),
  Atanh: doubled('Atanh', atanh),
  Atan2: atan2,
};
