;; Blocks of pairs of points, two pairs at a time in float64: squared distances, dot products, and sums of kernels over them.
;; pairs.ts lays out the memory and calls; entries that are no pairs are +∞ there and count for nothing here.
;;
;; A tile is four rows by four columns: eight sums in registers, each coordinate read once for sixteen pairs. Sums over coordinates
;; run in one order for every pair, so that d(x, y) and d(y, x) are the same number.
(module
  (import "math" "log" (func $log (param f64) (result f64)))
  (memory (export "memory") 1 65536)

  ;; x: [rows, dim]; y: [dim, columns]; out: [rows, columns]. Rows and columns are multiples of four.
  (func (export "squares") (param $x i32) (param $rows i32) (param $y i32) (param $columns i32) (param $dim i32) (param $out i32)
    (local $row i32) (local $column i32) (local $k i32) (local $px i32) (local $py i32) (local $po i32)
    (local $wide i32) (local $long i32) (local $long2 i32) (local $long3 i32)
    (local $u v128) (local $v v128) (local $s v128) (local $t v128)
    (local $a0 v128) (local $a1 v128) (local $b0 v128) (local $b1 v128)
    (local $c0 v128) (local $c1 v128) (local $d0 v128) (local $d1 v128)
    (local.set $wide (i32.shl (local.get $columns) (i32.const 3)))
    (local.set $long (i32.shl (local.get $dim) (i32.const 3)))
    (local.set $long2 (i32.shl (local.get $long) (i32.const 1)))
    (local.set $long3 (i32.add (local.get $long) (local.get $long2)))
    (loop $rows
      (local.set $column (i32.const 0))
      (loop $columns
        (local.set $px (i32.add (local.get $x) (i32.mul (local.get $row) (local.get $long))))
        (local.set $py (i32.add (local.get $y) (i32.shl (local.get $column) (i32.const 3))))
        (local.set $a0 (v128.const i64x2 0 0)) (local.set $a1 (v128.const i64x2 0 0))
        (local.set $b0 (v128.const i64x2 0 0)) (local.set $b1 (v128.const i64x2 0 0))
        (local.set $c0 (v128.const i64x2 0 0)) (local.set $c1 (v128.const i64x2 0 0))
        (local.set $d0 (v128.const i64x2 0 0)) (local.set $d1 (v128.const i64x2 0 0))
        (local.set $k (local.get $dim))
        (loop $coordinates
          (local.set $u (v128.load (local.get $py)))
          (local.set $v (v128.load offset=16 (local.get $py)))
          (local.set $s (v128.load64_splat (local.get $px)))
          (local.set $t (f64x2.sub (local.get $u) (local.get $s)))
          (local.set $a0 (f64x2.add (local.get $a0) (f64x2.mul (local.get $t) (local.get $t))))
          (local.set $t (f64x2.sub (local.get $v) (local.get $s)))
          (local.set $a1 (f64x2.add (local.get $a1) (f64x2.mul (local.get $t) (local.get $t))))
          (local.set $s (v128.load64_splat (i32.add (local.get $px) (local.get $long))))
          (local.set $t (f64x2.sub (local.get $u) (local.get $s)))
          (local.set $b0 (f64x2.add (local.get $b0) (f64x2.mul (local.get $t) (local.get $t))))
          (local.set $t (f64x2.sub (local.get $v) (local.get $s)))
          (local.set $b1 (f64x2.add (local.get $b1) (f64x2.mul (local.get $t) (local.get $t))))
          (local.set $s (v128.load64_splat (i32.add (local.get $px) (local.get $long2))))
          (local.set $t (f64x2.sub (local.get $u) (local.get $s)))
          (local.set $c0 (f64x2.add (local.get $c0) (f64x2.mul (local.get $t) (local.get $t))))
          (local.set $t (f64x2.sub (local.get $v) (local.get $s)))
          (local.set $c1 (f64x2.add (local.get $c1) (f64x2.mul (local.get $t) (local.get $t))))
          (local.set $s (v128.load64_splat (i32.add (local.get $px) (local.get $long3))))
          (local.set $t (f64x2.sub (local.get $u) (local.get $s)))
          (local.set $d0 (f64x2.add (local.get $d0) (f64x2.mul (local.get $t) (local.get $t))))
          (local.set $t (f64x2.sub (local.get $v) (local.get $s)))
          (local.set $d1 (f64x2.add (local.get $d1) (f64x2.mul (local.get $t) (local.get $t))))
          (local.set $px (i32.add (local.get $px) (i32.const 8)))
          (local.set $py (i32.add (local.get $py) (local.get $wide)))
          (br_if $coordinates (local.tee $k (i32.sub (local.get $k) (i32.const 1)))))
        (local.set $po
          (i32.add
            (local.get $out)
            (i32.add
              (i32.mul (local.get $row) (local.get $wide))
              (i32.shl (local.get $column) (i32.const 3)))))
        (v128.store (local.get $po) (local.get $a0))
        (v128.store offset=16 (local.get $po) (local.get $a1))
        (local.set $po (i32.add (local.get $po) (local.get $wide)))
        (v128.store (local.get $po) (local.get $b0))
        (v128.store offset=16 (local.get $po) (local.get $b1))
        (local.set $po (i32.add (local.get $po) (local.get $wide)))
        (v128.store (local.get $po) (local.get $c0))
        (v128.store offset=16 (local.get $po) (local.get $c1))
        (local.set $po (i32.add (local.get $po) (local.get $wide)))
        (v128.store (local.get $po) (local.get $d0))
        (v128.store offset=16 (local.get $po) (local.get $d1))
        (br_if $columns
          (i32.lt_u (local.tee $column (i32.add (local.get $column) (i32.const 4))) (local.get $columns))))
      (br_if $rows (i32.lt_u (local.tee $row (i32.add (local.get $row) (i32.const 4))) (local.get $rows)))))

  ;; As above, with x · y for |x − y|².
  (func (export "products") (param $x i32) (param $rows i32) (param $y i32) (param $columns i32) (param $dim i32) (param $out i32)
    (local $row i32) (local $column i32) (local $k i32) (local $px i32) (local $py i32) (local $po i32)
    (local $wide i32) (local $long i32) (local $long2 i32) (local $long3 i32)
    (local $u v128) (local $v v128) (local $s v128)
    (local $a0 v128) (local $a1 v128) (local $b0 v128) (local $b1 v128)
    (local $c0 v128) (local $c1 v128) (local $d0 v128) (local $d1 v128)
    (local.set $wide (i32.shl (local.get $columns) (i32.const 3)))
    (local.set $long (i32.shl (local.get $dim) (i32.const 3)))
    (local.set $long2 (i32.shl (local.get $long) (i32.const 1)))
    (local.set $long3 (i32.add (local.get $long) (local.get $long2)))
    (loop $rows
      (local.set $column (i32.const 0))
      (loop $columns
        (local.set $px (i32.add (local.get $x) (i32.mul (local.get $row) (local.get $long))))
        (local.set $py (i32.add (local.get $y) (i32.shl (local.get $column) (i32.const 3))))
        (local.set $a0 (v128.const i64x2 0 0)) (local.set $a1 (v128.const i64x2 0 0))
        (local.set $b0 (v128.const i64x2 0 0)) (local.set $b1 (v128.const i64x2 0 0))
        (local.set $c0 (v128.const i64x2 0 0)) (local.set $c1 (v128.const i64x2 0 0))
        (local.set $d0 (v128.const i64x2 0 0)) (local.set $d1 (v128.const i64x2 0 0))
        (local.set $k (local.get $dim))
        (loop $coordinates
          (local.set $u (v128.load (local.get $py)))
          (local.set $v (v128.load offset=16 (local.get $py)))
          (local.set $s (v128.load64_splat (local.get $px)))
          (local.set $a0 (f64x2.add (local.get $a0) (f64x2.mul (local.get $u) (local.get $s))))
          (local.set $a1 (f64x2.add (local.get $a1) (f64x2.mul (local.get $v) (local.get $s))))
          (local.set $s (v128.load64_splat (i32.add (local.get $px) (local.get $long))))
          (local.set $b0 (f64x2.add (local.get $b0) (f64x2.mul (local.get $u) (local.get $s))))
          (local.set $b1 (f64x2.add (local.get $b1) (f64x2.mul (local.get $v) (local.get $s))))
          (local.set $s (v128.load64_splat (i32.add (local.get $px) (local.get $long2))))
          (local.set $c0 (f64x2.add (local.get $c0) (f64x2.mul (local.get $u) (local.get $s))))
          (local.set $c1 (f64x2.add (local.get $c1) (f64x2.mul (local.get $v) (local.get $s))))
          (local.set $s (v128.load64_splat (i32.add (local.get $px) (local.get $long3))))
          (local.set $d0 (f64x2.add (local.get $d0) (f64x2.mul (local.get $u) (local.get $s))))
          (local.set $d1 (f64x2.add (local.get $d1) (f64x2.mul (local.get $v) (local.get $s))))
          (local.set $px (i32.add (local.get $px) (i32.const 8)))
          (local.set $py (i32.add (local.get $py) (local.get $wide)))
          (br_if $coordinates (local.tee $k (i32.sub (local.get $k) (i32.const 1)))))
        (local.set $po
          (i32.add
            (local.get $out)
            (i32.add
              (i32.mul (local.get $row) (local.get $wide))
              (i32.shl (local.get $column) (i32.const 3)))))
        (v128.store (local.get $po) (local.get $a0))
        (v128.store offset=16 (local.get $po) (local.get $a1))
        (local.set $po (i32.add (local.get $po) (local.get $wide)))
        (v128.store (local.get $po) (local.get $b0))
        (v128.store offset=16 (local.get $po) (local.get $b1))
        (local.set $po (i32.add (local.get $po) (local.get $wide)))
        (v128.store (local.get $po) (local.get $c0))
        (v128.store offset=16 (local.get $po) (local.get $c1))
        (local.set $po (i32.add (local.get $po) (local.get $wide)))
        (v128.store (local.get $po) (local.get $d0))
        (v128.store offset=16 (local.get $po) (local.get $d1))
        (br_if $columns
          (i32.lt_u (local.tee $column (i32.add (local.get $column) (i32.const 4))) (local.get $columns))))
      (br_if $rows (i32.lt_u (local.tee $row (i32.add (local.get $row) (i32.const 4))) (local.get $rows)))))

  ;; e^x of two numbers of at most 709; anything below −708 is e^−708, next to nothing. To 2 units in the last place: x = k log 2 + r with
  ;; log 2 in two parts, and thirteen terms of the series in |r| ≤ 0.35.
  (func $exp (param $x v128) (result v128)
    (local $k v128) (local $r v128) (local $p v128)
    (local.set $x (f64x2.pmax (local.get $x) (f64x2.splat (f64.const -708))))
    (local.set $k (f64x2.nearest (f64x2.mul (local.get $x) (f64x2.splat (f64.const 1.4426950408889634)))))
    (local.set $r
      (f64x2.sub
        (f64x2.sub (local.get $x) (f64x2.mul (local.get $k) (f64x2.splat (f64.const 0x1.62e42feep-1))))
        (f64x2.mul (local.get $k) (f64x2.splat (f64.const 0x1.a39ef35793c76p-33)))))
    (local.set $p (f64x2.splat (f64.const 2.08767569878681e-09)))
    (local.set $p (f64x2.add (f64x2.mul (local.get $p) (local.get $r)) (f64x2.splat (f64.const 2.505210838544172e-08))))
    (local.set $p (f64x2.add (f64x2.mul (local.get $p) (local.get $r)) (f64x2.splat (f64.const 2.755731922398589e-07))))
    (local.set $p (f64x2.add (f64x2.mul (local.get $p) (local.get $r)) (f64x2.splat (f64.const 2.7557319223985893e-06))))
    (local.set $p (f64x2.add (f64x2.mul (local.get $p) (local.get $r)) (f64x2.splat (f64.const 2.48015873015873e-05))))
    (local.set $p (f64x2.add (f64x2.mul (local.get $p) (local.get $r)) (f64x2.splat (f64.const 0.0001984126984126984))))
    (local.set $p (f64x2.add (f64x2.mul (local.get $p) (local.get $r)) (f64x2.splat (f64.const 0.001388888888888889))))
    (local.set $p (f64x2.add (f64x2.mul (local.get $p) (local.get $r)) (f64x2.splat (f64.const 0.008333333333333333))))
    (local.set $p (f64x2.add (f64x2.mul (local.get $p) (local.get $r)) (f64x2.splat (f64.const 0.041666666666666664))))
    (local.set $p (f64x2.add (f64x2.mul (local.get $p) (local.get $r)) (f64x2.splat (f64.const 0.16666666666666666))))
    (local.set $p (f64x2.add (f64x2.mul (local.get $p) (local.get $r)) (f64x2.splat (f64.const 0.5))))
    (local.set $p (f64x2.add (f64x2.mul (local.get $p) (local.get $r)) (f64x2.splat (f64.const 1.0))))
    (local.set $p (f64x2.add (f64x2.mul (local.get $p) (local.get $r)) (f64x2.splat (f64.const 1.0))))
    ;; 2^k by its bits: adding 1.5 · 2^52 leaves k in the low ones.
    (f64x2.mul
      (local.get $p)
      (i64x2.shl
        (i64x2.add (f64x2.add (local.get $k) (f64x2.splat (f64.const 0x1.8p52))) (i64x2.splat (i64.const 1023)))
        (i32.const 52))))

  ;; out_j = exp(scale · in_j) for an even number of entries, added to total_j. Returns their sum.
  (func (export "exps") (param $in i32) (param $out i32) (param $total i32) (param $count i32) (param $scale f64) (result f64)
    (local $end i32) (local $sum v128) (local $e v128) (local $scales v128)
    (local.set $scales (f64x2.splat (local.get $scale)))
    (local.set $end (i32.add (local.get $in) (i32.shl (local.get $count) (i32.const 3))))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $in) (local.get $end)))
        (local.set $e (call $exp (f64x2.mul (local.get $scales) (v128.load (local.get $in)))))
        (v128.store (local.get $out) (local.get $e))
        (local.set $sum (f64x2.add (local.get $sum) (local.get $e)))
        (v128.store (local.get $total) (f64x2.add (v128.load (local.get $total)) (local.get $e)))
        (local.set $total (i32.add (local.get $total) (i32.const 16)))
        (local.set $in (i32.add (local.get $in) (i32.const 16)))
        (local.set $out (i32.add (local.get $out) (i32.const 16)))
        (br $next)))
    (f64.add (f64x2.extract_lane 0 (local.get $sum)) (f64x2.extract_lane 1 (local.get $sum))))

  ;; v_j ← v_j⁴ in place, a Gaussian kernel of half the bandwidth, added to total_j. Returns their sum.
  (func (export "fourths") (param $at i32) (param $total i32) (param $count i32) (result f64)
    (local $end i32) (local $sum v128) (local $v v128)
    (local.set $end (i32.add (local.get $at) (i32.shl (local.get $count) (i32.const 3))))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $at) (local.get $end)))
        (local.set $v (v128.load (local.get $at)))
        (local.set $v (f64x2.mul (local.get $v) (local.get $v)))
        (local.set $v (f64x2.mul (local.get $v) (local.get $v)))
        (v128.store (local.get $at) (local.get $v))
        (local.set $sum (f64x2.add (local.get $sum) (local.get $v)))
        (v128.store (local.get $total) (f64x2.add (v128.load (local.get $total)) (local.get $v)))
        (local.set $total (i32.add (local.get $total) (i32.const 16)))
        (local.set $at (i32.add (local.get $at) (i32.const 16)))
        (br $next)))
    (f64.add (f64x2.extract_lane 0 (local.get $sum)) (f64x2.extract_lane 1 (local.get $sum))))

  ;; out_j = √in_j, 0 for +∞, added to total_j. Returns their sum.
  (func (export "roots") (param $in i32) (param $out i32) (param $total i32) (param $count i32) (result f64)
    (local $end i32) (local $sum v128) (local $d v128)
    (local.set $end (i32.add (local.get $in) (i32.shl (local.get $count) (i32.const 3))))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $in) (local.get $end)))
        (local.set $d (v128.load (local.get $in)))
        (local.set $d
          (v128.and (f64x2.sqrt (local.get $d)) (f64x2.lt (local.get $d) (f64x2.splat (f64.const inf)))))
        (v128.store (local.get $out) (local.get $d))
        (local.set $sum (f64x2.add (local.get $sum) (local.get $d)))
        (v128.store (local.get $total) (f64x2.add (v128.load (local.get $total)) (local.get $d)))
        (local.set $total (i32.add (local.get $total) (i32.const 16)))
        (local.set $in (i32.add (local.get $in) (i32.const 16)))
        (local.set $out (i32.add (local.get $out) (i32.const 16)))
        (br $next)))
    (f64.add (f64x2.extract_lane 0 (local.get $sum)) (f64x2.extract_lane 1 (local.get $sum))))

  ;; The places j where in_j is below limit_j or below reach, of an even number of entries, as i32 into out. Returns how many.
  (func (export "below") (param $in i32) (param $limit i32) (param $count i32) (param $reach f64) (param $out i32) (result i32)
    (local $j i32) (local $from i32) (local $d v128) (local $hit v128) (local $reaches v128)
    (local.set $from (local.get $out))
    (local.set $reaches (f64x2.splat (local.get $reach)))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $j) (local.get $count)))
        (local.set $d (v128.load (local.get $in)))
        (local.set $hit
          (f64x2.lt (local.get $d) (f64x2.pmax (v128.load (local.get $limit)) (local.get $reaches))))
        (if (v128.any_true (local.get $hit))
          (then
            (i32.store (local.get $out) (local.get $j))
            (local.set $out
              (i32.add (local.get $out) (i32.and (i32.const 4) (i32.wrap_i64 (i64x2.extract_lane 0 (local.get $hit))))))
            (i32.store (local.get $out) (i32.add (local.get $j) (i32.const 1)))
            (local.set $out
              (i32.add (local.get $out) (i32.and (i32.const 4) (i32.wrap_i64 (i64x2.extract_lane 1 (local.get $hit))))))))
        (local.set $in (i32.add (local.get $in) (i32.const 16)))
        (local.set $limit (i32.add (local.get $limit) (i32.const 16)))
        (local.set $j (i32.add (local.get $j) (i32.const 2)))
        (br $next)))
    (i32.shr_u (i32.sub (local.get $out) (local.get $from)) (i32.const 2)))

  ;; log Σ_j exp((potential_j − cost_j) · scale), of an even number of entries; potentials of −∞ weigh next to nothing.
  (func $softmax (export "softmax") (param $cost i32) (param $potential i32) (param $count i32) (param $scale f64) (result f64)
    (local $at i32) (local $end i32) (local $most v128) (local $sum v128) (local $scales v128) (local $largest f64)
    (local.set $scales (f64x2.splat (local.get $scale)))
    (local.set $most (f64x2.splat (f64.const -inf)))
    (local.set $end (i32.shl (local.get $count) (i32.const 3)))
    (loop $first
      (local.set $most
        (f64x2.pmax
          (local.get $most)
          (f64x2.sub
            (v128.load (i32.add (local.get $potential) (local.get $at)))
            (v128.load (i32.add (local.get $cost) (local.get $at))))))
      (br_if $first (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 16))) (local.get $end))))
    (local.set $largest
      (f64.max (f64x2.extract_lane 0 (local.get $most)) (f64x2.extract_lane 1 (local.get $most))))
    (local.set $most (f64x2.splat (local.get $largest)))
    (local.set $at (i32.const 0))
    (loop $second
      (local.set $sum
        (f64x2.add
          (local.get $sum)
          (call $exp
            (f64x2.mul
              (local.get $scales)
              (f64x2.sub
                (f64x2.sub
                  (v128.load (i32.add (local.get $potential) (local.get $at)))
                  (v128.load (i32.add (local.get $cost) (local.get $at))))
                (local.get $most))))))
      (br_if $second (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 16))) (local.get $end))))
    (f64.add
      (f64.mul (local.get $largest) (local.get $scale))
      (call $log
        (f64.add (f64x2.extract_lane 0 (local.get $sum)) (f64x2.extract_lane 1 (local.get $sum))))))

  ;; softmax of each row of a matrix [rows, count], into out [rows].
  (func (export "softmaxRows")
    (param $cost i32) (param $rows i32) (param $potential i32) (param $count i32) (param $scale f64) (param $out i32)
    (local $end i32)
    (local.set $end (i32.add (local.get $out) (i32.shl (local.get $rows) (i32.const 3))))
    (loop $next
      (f64.store
        (local.get $out)
        (call $softmax (local.get $cost) (local.get $potential) (local.get $count) (local.get $scale)))
      (local.set $cost (i32.add (local.get $cost) (i32.shl (local.get $count) (i32.const 3))))
      (br_if $next (i32.lt_u (local.tee $out (i32.add (local.get $out) (i32.const 8))) (local.get $end))))))
