;; What lies between two evaluations of the target along a chain, and on the way back, in one pass over memory each: two coordinates at a
;; time, states in singles, arithmetic in doubles. The formulas are those of chain.ts and gradient.ts, which do the same in doubles alone.
;;
;; States are rows of `dim` numbers without gaps. Numbers of coordinates (`coordinates`, `sums`) are arrays of `width` doubles, one after the
;; other; `width` is `dim` rounded up to even. With an odd dim, the last pair of a row has the next row's first number in its second
;; lane: it is masked out of sums over the row and never stored.
(module
  (import "chain" "memory" (memory 0 65536))

  (func $total (param $pair v128) (result f64)
    (f64.add (f64x2.extract_lane 0 (local.get $pair)) (f64x2.extract_lane 1 (local.get $pair))))

  ;; The rest of a transition and the first drift of the next. `coordinates`: mean, step (1−β) e^{−λ}, step/2 M⁻¹, M⁻¹,
  ;; √(1−η²) M^{1/2}, and step/2 M⁻¹ of the next transition.
  (func (export "advance")
    (param $rows i32) (param $dim i32) (param $coordinates i32) (param $width i32)
    (param $middle i32) (param $momentum i32) (param $force i32) (param $noise i32)
    (param $nextMiddle i32) (param $nextMomentum i32) (param $weight i32)
    (param $pull f64) (param $eta f64)
    (local $i i32) (local $left i32) (local $whole i32) (local $at i32) (local $bytes i32) (local $end i32)
    (local $pulls v128) (local $etas v128)
    (local $energy v128) (local $z v128) (local $v v128) (local $kicked v128) (local $inverse v128) (local $next v128)
    (local $rate v128) (local $mask v128)
    (local.set $pulls (f64x2.splat (local.get $pull)))
    (local.set $etas (f64x2.splat (local.get $eta)))
    ;; From one array of coordinates to the next.
    (local.set $bytes (i32.shl (local.get $width) (i32.const 3)))
    (loop $row
      (local.set $energy (v128.const i64x2 0 0))
      (local.set $mask (v128.const i64x2 -1 -1))
      (local.set $left (local.get $dim))
      (local.set $i (local.get $coordinates))
      (loop $pair
        (local.set $whole (i32.gt_s (local.get $left) (i32.const 1)))
        (if (i32.eqz (local.get $whole)) (then (local.set $mask (v128.const i64x2 -1 0))))
        (local.set $z (f64x2.promote_low_f32x4 (v128.load64_zero (local.get $middle))))
        (local.set $v (f64x2.promote_low_f32x4 (v128.load64_zero (local.get $momentum))))
        ;; v̂ = v + a (μ − z) + b ∇log f
        (local.set $at (i32.add (local.get $i) (local.get $bytes)))
        (local.set $kicked
          (f64x2.add
            (f64x2.add
              (local.get $v)
              (f64x2.mul
                (v128.load (local.get $at))
                (f64x2.sub (v128.load (local.get $i)) (local.get $z))))
            (f64x2.mul
              (local.get $pulls)
              (f64x2.promote_low_f32x4 (v128.load64_zero (local.get $force))))))
        (local.set $at (i32.add (local.get $at) (local.get $bytes)))
        (local.set $rate (v128.load (local.get $at)))
        (local.set $at (i32.add (local.get $at) (local.get $bytes)))
        (local.set $inverse (v128.load (local.get $at)))
        (local.set $energy
          (f64x2.add
            (local.get $energy)
            (v128.and
              (local.get $mask)
              (f64x2.mul
                (local.get $inverse)
                (f64x2.sub
                  (f64x2.mul (local.get $v) (local.get $v))
                  (f64x2.mul (local.get $kicked) (local.get $kicked)))))))
        ;; v′ = η v̂ + √(1−η²) M^{1/2} ξ
        (local.set $at (i32.add (local.get $at) (local.get $bytes)))
        (local.set $next
          (f32x4.demote_f64x2_zero
            (f64x2.add
              (f64x2.mul (local.get $etas) (local.get $kicked))
              (f64x2.mul
                (v128.load (local.get $at))
                (f64x2.promote_low_f32x4 (v128.load64_zero (local.get $noise)))))))
        ;; z½ of the next transition
        (local.set $at (i32.add (local.get $at) (local.get $bytes)))
        (local.set $z
          (f32x4.demote_f64x2_zero
            (f64x2.add
              (f64x2.add (local.get $z) (f64x2.mul (local.get $rate) (local.get $kicked)))
              (f64x2.mul (v128.load (local.get $at)) (f64x2.promote_low_f32x4 (local.get $next))))))
        (if (local.get $whole)
          (then
            (v128.store64_lane 0 (local.get $nextMomentum) (local.get $next))
            (v128.store64_lane 0 (local.get $nextMiddle) (local.get $z))
            (local.set $at (i32.const 8)))
          (else
            (v128.store32_lane 0 (local.get $nextMomentum) (local.get $next))
            (v128.store32_lane 0 (local.get $nextMiddle) (local.get $z))
            (local.set $at (i32.const 4))))
        (local.set $middle (i32.add (local.get $middle) (local.get $at)))
        (local.set $momentum (i32.add (local.get $momentum) (local.get $at)))
        (local.set $force (i32.add (local.get $force) (local.get $at)))
        (local.set $noise (i32.add (local.get $noise) (local.get $at)))
        (local.set $nextMiddle (i32.add (local.get $nextMiddle) (local.get $at)))
        (local.set $nextMomentum (i32.add (local.get $nextMomentum) (local.get $at)))
        (local.set $i (i32.add (local.get $i) (i32.const 16)))
        (local.set $left (i32.sub (local.get $left) (i32.const 2)))
        (br_if $pair (i32.gt_s (local.get $left) (i32.const 0))))
      (f64.store
        (local.get $weight)
        (f64.add
          (f64.load (local.get $weight))
          (f64.mul (f64.const 0.5) (call $total (local.get $energy)))))
      (local.set $weight (i32.add (local.get $weight) (i32.const 8)))
      (local.set $rows (i32.sub (local.get $rows) (i32.const 1)))
      (br_if $row (local.get $rows))))

  ;; Back through the force and first drift of a transition, whose numbers end in 1, and then through refreshment, weight, second drift
  ;; and kick of the one before. `coordinates`: mean, e^{−λ}, M⁻¹, (1−β1) step1 e^{−λ}, step1/2 M⁻¹, step/2 M⁻¹.
  ;; `sums`: cotangents of mean, log variance and log mass. `found`: those of step1, step, β and η, as four doubles.
  (func (export "retreat")
    (param $rows i32) (param $dim i32) (param $coordinates i32) (param $width i32) (param $sums i32) (param $found i32)
    (param $cotangent i32) (param $zBar i32) (param $kickBar i32)
    (param $curvature i32) (param $momentum1 i32)
    (param $middle i32) (param $momentum i32) (param $force i32) (param $direction i32)
    (param $beta1 f64) (param $beta f64) (param $step f64) (param $eta f64)
    (local $i i32) (local $left i32) (local $whole i32) (local $at i32) (local $sum i32) (local $bytes i32)
    (local $betas1 v128) (local $betas v128) (local $rests v128) (local $steps v128) (local $etas v128) (local $ratios v128)
    (local $half v128) (local $w v128) (local $mask v128)
    (local $stepBar1 v128) (local $stepBar v128) (local $betaBar v128) (local $etaBar v128)
    (local $precision v128) (local $inverse v128) (local $z v128) (local $v v128) (local $v1 v128) (local $f v128)
    (local $zCotangent v128) (local $vCotangent v128) (local $drifted v128) (local $mass v128)
    (local $initial v128) (local $total v128) (local $kicked v128) (local $noise v128) (local $bar v128) (local $along v128)
    (local $wInverse v128)
    (local.set $half (f64x2.splat (f64.const 0.5)))
    (local.set $betas1 (f64x2.splat (local.get $beta1)))
    (local.set $betas (f64x2.splat (local.get $beta)))
    (local.set $rests (f64x2.splat (f64.sub (f64.const 1) (local.get $beta))))
    (local.set $steps (f64x2.splat (local.get $step)))
    (local.set $etas (f64x2.splat (local.get $eta)))
    (local.set $ratios
      (f64x2.splat
        (f64.div (local.get $eta) (f64.sub (f64.const 1) (f64.mul (local.get $eta) (local.get $eta))))))
    (local.set $bytes (i32.shl (local.get $width) (i32.const 3)))
    (loop $row
      (local.set $w (v128.load64_splat (local.get $cotangent)))
      (local.set $mask (v128.const i64x2 -1 -1))
      (local.set $left (local.get $dim))
      (local.set $i (local.get $coordinates))
      (local.set $sum (local.get $sums))
      (loop $pair
        (local.set $whole (i32.gt_s (local.get $left) (i32.const 1)))
        (if (i32.eqz (local.get $whole)) (then (local.set $mask (v128.const i64x2 -1 0))))
        (local.set $at (i32.add (local.get $i) (local.get $bytes)))
        (local.set $precision (v128.load (local.get $at)))
        (local.set $at (i32.add (local.get $at) (local.get $bytes)))
        (local.set $inverse (v128.load (local.get $at)))
        (local.set $wInverse (f64x2.mul (local.get $w) (local.get $inverse)))
        (local.set $v1 (f64x2.promote_low_f32x4 (v128.load64_zero (local.get $momentum1))))
        ;; Force and first drift.
        (local.set $bar (v128.load (local.get $kickBar)))
        (local.set $at (i32.add (local.get $at) (local.get $bytes)))
        (local.set $zCotangent
          (f64x2.add
            (f64x2.sub
              (v128.load (local.get $zBar))
              (f64x2.mul (v128.load (local.get $at)) (local.get $bar)))
            (f64x2.mul
              (local.get $betas1)
              (f64x2.promote_low_f32x4 (v128.load64_zero (local.get $curvature))))))
        (local.set $at (i32.add (local.get $at) (local.get $bytes)))
        (local.set $drifted (f64x2.mul (v128.load (local.get $at)) (local.get $zCotangent)))
        (local.set $vCotangent
          (f64x2.add
            (f64x2.add (local.get $bar) (local.get $drifted))
            (f64x2.mul (local.get $wInverse) (local.get $v1))))
        (local.set $mass (f64x2.mul (local.get $drifted) (local.get $v1)))
        (local.set $stepBar1
          (f64x2.add (local.get $stepBar1) (v128.and (local.get $mask) (local.get $mass))))
        (local.set $mass (f64x2.neg (local.get $mass)))
        ;; What the kick before was.
        (local.set $z (f64x2.promote_low_f32x4 (v128.load64_zero (local.get $middle))))
        (local.set $v (f64x2.promote_low_f32x4 (v128.load64_zero (local.get $momentum))))
        (local.set $f (f64x2.promote_low_f32x4 (v128.load64_zero (local.get $force))))
        (local.set $initial
          (f64x2.mul (f64x2.sub (v128.load (local.get $i)) (local.get $z)) (local.get $precision)))
        (local.set $total
          (f64x2.add
            (f64x2.mul (local.get $rests) (local.get $initial))
            (f64x2.mul (local.get $betas) (local.get $f))))
        (local.set $kicked (f64x2.add (local.get $v) (f64x2.mul (local.get $steps) (local.get $total))))
        ;; √(1−η²) M^{1/2} ξ, which need not be drawn again.
        (local.set $noise (f64x2.sub (local.get $v1) (f64x2.mul (local.get $etas) (local.get $kicked))))
        (local.set $at (i32.add (local.get $at) (local.get $bytes)))
        (local.set $drifted (f64x2.mul (v128.load (local.get $at)) (local.get $zCotangent)))
        (local.set $bar
          (f64x2.add
            (f64x2.sub (local.get $drifted) (f64x2.mul (local.get $wInverse) (local.get $kicked)))
            (f64x2.mul (local.get $etas) (local.get $vCotangent))))
        (local.set $along (f64x2.mul (local.get $steps) (local.get $bar)))
        (local.set $mass
          (f64x2.add
            (f64x2.sub
              (f64x2.sub (local.get $mass) (f64x2.mul (local.get $drifted) (local.get $kicked)))
              (f64x2.mul
                (f64x2.mul (local.get $half) (local.get $wInverse))
                (f64x2.sub
                  (f64x2.mul (local.get $v) (local.get $v))
                  (f64x2.mul (local.get $kicked) (local.get $kicked)))))
            (f64x2.mul (f64x2.mul (local.get $half) (local.get $vCotangent)) (local.get $noise))))
        (local.set $etaBar
          (f64x2.add
            (local.get $etaBar)
            (v128.and
              (local.get $mask)
              (f64x2.mul
                (local.get $vCotangent)
                (f64x2.sub (local.get $kicked) (f64x2.mul (local.get $ratios) (local.get $noise)))))))
        (local.set $stepBar
          (f64x2.add
            (local.get $stepBar)
            (v128.and
              (local.get $mask)
              (f64x2.add
                (f64x2.mul (local.get $drifted) (local.get $kicked))
                (f64x2.mul (local.get $along) (local.get $total))))))
        (local.set $betaBar
          (f64x2.add
            (local.get $betaBar)
            (v128.and
              (local.get $mask)
              (f64x2.mul (local.get $along) (f64x2.sub (local.get $f) (local.get $initial))))))
        ;; Sums of coordinates.
        (local.set $v (f64x2.mul (local.get $rests) (local.get $along)))
        (v128.store
          (local.get $sum)
          (f64x2.add (v128.load (local.get $sum)) (f64x2.mul (local.get $v) (local.get $precision))))
        (local.set $at (i32.add (local.get $sum) (local.get $bytes)))
        (v128.store
          (local.get $at)
          (f64x2.sub (v128.load (local.get $at)) (f64x2.mul (local.get $v) (local.get $initial))))
        (local.set $at (i32.add (local.get $at) (local.get $bytes)))
        (v128.store (local.get $at) (f64x2.add (v128.load (local.get $at)) (local.get $mass)))
        (if (local.get $whole)
          (then
            (v128.store (local.get $zBar) (local.get $zCotangent))
            (v128.store (local.get $kickBar) (local.get $bar))
            (v128.store64_lane 0 (local.get $direction) (f32x4.demote_f64x2_zero (local.get $along)))
            (local.set $at (i32.const 8)))
          (else
            (v128.store64_lane 0 (local.get $zBar) (local.get $zCotangent))
            (v128.store64_lane 0 (local.get $kickBar) (local.get $bar))
            (v128.store32_lane 0 (local.get $direction) (f32x4.demote_f64x2_zero (local.get $along)))
            (local.set $at (i32.const 4))))
        (local.set $curvature (i32.add (local.get $curvature) (local.get $at)))
        (local.set $momentum1 (i32.add (local.get $momentum1) (local.get $at)))
        (local.set $middle (i32.add (local.get $middle) (local.get $at)))
        (local.set $momentum (i32.add (local.get $momentum) (local.get $at)))
        (local.set $force (i32.add (local.get $force) (local.get $at)))
        (local.set $direction (i32.add (local.get $direction) (local.get $at)))
        (local.set $at (i32.shl (local.get $at) (i32.const 1)))
        (local.set $zBar (i32.add (local.get $zBar) (local.get $at)))
        (local.set $kickBar (i32.add (local.get $kickBar) (local.get $at)))
        (local.set $i (i32.add (local.get $i) (i32.const 16)))
        (local.set $sum (i32.add (local.get $sum) (i32.const 16)))
        (local.set $left (i32.sub (local.get $left) (i32.const 2)))
        (br_if $pair (i32.gt_s (local.get $left) (i32.const 0))))
      (local.set $cotangent (i32.add (local.get $cotangent) (i32.const 8)))
      (local.set $rows (i32.sub (local.get $rows) (i32.const 1)))
      (br_if $row (local.get $rows)))
    (f64.store (local.get $found) (call $total (local.get $stepBar1)))
    (f64.store offset=8 (local.get $found) (call $total (local.get $stepBar)))
    (f64.store offset=16 (local.get $found) (call $total (local.get $betaBar)))
    (f64.store offset=24 (local.get $found) (call $total (local.get $etaBar)))))
