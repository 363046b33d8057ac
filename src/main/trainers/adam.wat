;; One update of Adam for all parameters of a network in one pass over memory, four numbers at a time. The operations on a number and
;; their order are those of the formulas in adam.ts: plain SIMD has no fused multiply-add to round differently.
;;
;; Memory: four arrays of `bytes` bytes each, one after the other: parameters, first moments, second moments, gradients.
(module
  (import "adam" "memory" (memory 0 65536))

  (func (export "update") (param $bytes i32) (param $rate f32)
    (local $parameter i32) (local $first i32) (local $second i32) (local $gradient i32)
    (local $m v128) (local $v v128) (local $g v128)
    (local $keep1 v128) (local $take1 v128) (local $keep2 v128) (local $take2 v128)
    (local $rates v128) (local $epsilon v128) (local $least v128)
    (local.set $keep1 (f32x4.splat (f32.const 0.9)))
    (local.set $take1 (f32x4.splat (f32.const 0.1)))
    (local.set $keep2 (f32x4.splat (f32.const 0.999)))
    (local.set $take2 (f32x4.splat (f32.const 0.001)))
    (local.set $epsilon (f32x4.splat (f32.const 1e-8)))
    (local.set $least (f32x4.splat (f32.const 0x1p-100)))
    (local.set $rates (f32x4.splat (local.get $rate)))
    (local.set $first (local.get $bytes))
    (local.set $second (i32.add (local.get $first) (local.get $bytes)))
    (local.set $gradient (i32.add (local.get $second) (local.get $bytes)))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $parameter) (local.get $bytes)))
        (local.set $g (v128.load (local.get $gradient)))
        (local.set $m
          (f32x4.add
            (f32x4.mul (local.get $keep1) (v128.load (local.get $first)))
            (f32x4.mul (local.get $take1) (local.get $g))))
        (local.set $v
          (f32x4.add
            (f32x4.mul (local.get $keep2) (v128.load (local.get $second)))
            (f32x4.mul (local.get $take2) (f32x4.mul (local.get $g) (local.get $g)))))
        ;; The moments of a weight that has no gradient any more would stay at the smallest numbers there are, with which processors
        ;; compute many times slower. NaN is kept: it is not less than anything.
        (local.set $m (v128.andnot (local.get $m) (f32x4.lt (f32x4.abs (local.get $m)) (local.get $least))))
        (local.set $v (v128.andnot (local.get $v) (f32x4.lt (local.get $v) (local.get $least))))
        (v128.store (local.get $first) (local.get $m))
        (v128.store (local.get $second) (local.get $v))
        (v128.store (local.get $parameter)
          (f32x4.sub
            (v128.load (local.get $parameter))
            (f32x4.mul
              (local.get $rates)
              (f32x4.div (local.get $m) (f32x4.add (f32x4.sqrt (local.get $v)) (local.get $epsilon))))))
        (local.set $parameter (i32.add (local.get $parameter) (i32.const 16)))
        (local.set $first (i32.add (local.get $first) (i32.const 16)))
        (local.set $second (i32.add (local.get $second) (i32.const 16)))
        (local.set $gradient (i32.add (local.get $gradient) (i32.const 16)))
        (br $next)))))
