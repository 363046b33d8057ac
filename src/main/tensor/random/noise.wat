;; Philox4x32-10 and the normal quantile AS 241 for whole blocks of random numbers, four counters or two quantiles at a time.
;; streams.ts calls four steps one after another on at most 1024 counters: counters, words, then uniforms or normals, and
;; singles where float32 is wanted. The numbers stay bit for bit those of the one-at-a-time reference in test/main/tensor/random:
;; the operations on a number and their order are the same, and plain SIMD has no fused multiply-add to round differently.
(module
  ;; A logarithm is not correctly rounded everywhere, so the one of JavaScript is used.
  (import "math" "log" (func $log (param f64) (result f64)))

  ;; Every array below has room for 1024 counters, or for their 4096 numbers, and for one vector more: the last vector of a
  ;; loop may reach past the last entry.
  ;;   0x0000  i32  place of the counter in its row, in units of four numbers
  ;;   0x1010  i32  datum
  ;;   0x2020  i32  stream and chain
  ;;   0x3030  i32  where the first of the counter's words goes, in bytes
  ;;   0x4040  i32  the words, row after row
  ;;   0x8050  i32  which words are in the tails of the normal distribution
  ;;   0xc060  f64  uniforms or normals
  ;;  0x14080  f32  the same, rounded
  (memory (export "memory") 2)

  ;; Lays out `count` counters from the given one on, in the order of the rows. Returns how many words they are good for.
  (func (export "counters") (param $count i32) (param $width i32) (param $place i32) (param $datum i32)
    (param $firstDatum i32) (param $endDatum i32) (param $chain i32) (result i32)
    (local $at i32) (local $end i32) (local $left i32) (local $goes i32)
    (local.set $end (i32.shl (local.get $count) (i32.const 2)))
    (local.set $left (i32.sub (local.get $width) (i32.shl (local.get $place) (i32.const 2))))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $at) (local.get $end)))
        (i32.store (local.get $at) (local.get $place))
        (i32.store offset=0x1010 (local.get $at) (local.get $datum))
        (i32.store offset=0x2020 (local.get $at) (local.get $chain))
        (i32.store offset=0x3030 (local.get $at) (local.get $goes))
        (local.set $at (i32.add (local.get $at) (i32.const 4)))
        (if (i32.gt_u (local.get $left) (i32.const 4))
          (then
            (local.set $goes (i32.add (local.get $goes) (i32.const 16)))
            (local.set $left (i32.sub (local.get $left) (i32.const 4)))
            (local.set $place (i32.add (local.get $place) (i32.const 1))))
          (else
            (local.set $goes (i32.add (local.get $goes) (i32.shl (local.get $left) (i32.const 2))))
            (local.set $left (local.get $width))
            (local.set $place (i32.const 0))
            (local.set $datum (i32.add (local.get $datum) (i32.const 1)))
            (if (i32.eq (local.get $datum) (local.get $endDatum))
              (then
                (local.set $datum (local.get $firstDatum))
                (local.set $chain (i32.add (local.get $chain) (i32.const 1)))))))
        (br $next)))
    ;; Words are made for four counters at once: those of the up to three beyond the last go behind the last word.
    (v128.store offset=0x3030 (local.get $end) (i32x4.splat (local.get $goes)))
    (i32.shr_u (local.get $goes) (i32.const 2)))

  ;; Encrypts the counters. Lane l of $x0 .. $x3 is the counter and then the four words of counter l.
  (func (export "words") (param $count i32) (param $step i32) (param $key0 i32) (param $key1 i32)
    (local $at i32) (local $round i32)
    (local $x0 v128) (local $x1 v128) (local $x2 v128) (local $x3 v128) (local $k0 v128) (local $k1 v128)
    (local $m0 v128) (local $m1 v128) (local $low v128) (local $high v128) (local $low1 v128) (local $high1 v128)
    (local.set $count (i32.shl (local.get $count) (i32.const 2)))
    (local.set $m0 (i32x4.splat (i32.const 0xd2511f53)))
    (local.set $m1 (i32x4.splat (i32.const 0xcd9e8d57)))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $at) (local.get $count)))
        (local.set $x0 (v128.load (local.get $at)))
        (local.set $x1 (i32x4.splat (local.get $step)))
        (local.set $x2 (v128.load offset=0x1010 (local.get $at)))
        (local.set $x3 (v128.load offset=0x2020 (local.get $at)))
        (local.set $k0 (i32x4.splat (local.get $key0)))
        (local.set $k1 (i32x4.splat (local.get $key1)))
        (local.set $round (i32.const 10))
        (loop $again
          ;; 64-bit products of lanes 0 and 1, and of lanes 2 and 3.
          (local.set $low (i64x2.extmul_low_i32x4_u (local.get $x0) (local.get $m0)))
          (local.set $high (i64x2.extmul_high_i32x4_u (local.get $x0) (local.get $m0)))
          (local.set $low1 (i64x2.extmul_low_i32x4_u (local.get $x2) (local.get $m1)))
          (local.set $high1 (i64x2.extmul_high_i32x4_u (local.get $x2) (local.get $m1)))
          ;; The odd 32-bit lanes are the high words of the products, the even ones the low words.
          (local.set $x0
            (v128.xor
              (v128.xor
                (i8x16.shuffle 4 5 6 7 12 13 14 15 20 21 22 23 28 29 30 31 (local.get $low1) (local.get $high1))
                (local.get $x1))
              (local.get $k0)))
          (local.set $x2
            (v128.xor
              (v128.xor
                (i8x16.shuffle 4 5 6 7 12 13 14 15 20 21 22 23 28 29 30 31 (local.get $low) (local.get $high))
                (local.get $x3))
              (local.get $k1)))
          (local.set $x1
            (i8x16.shuffle 0 1 2 3 8 9 10 11 16 17 18 19 24 25 26 27 (local.get $low1) (local.get $high1)))
          (local.set $x3
            (i8x16.shuffle 0 1 2 3 8 9 10 11 16 17 18 19 24 25 26 27 (local.get $low) (local.get $high)))
          (local.set $k0 (i32x4.add (local.get $k0) (v128.const i32x4 0x9e3779b9 0x9e3779b9 0x9e3779b9 0x9e3779b9)))
          (local.set $k1 (i32x4.add (local.get $k1) (v128.const i32x4 0xbb67ae85 0xbb67ae85 0xbb67ae85 0xbb67ae85)))
          (br_if $again (local.tee $round (i32.sub (local.get $round) (i32.const 1)))))
        ;; Transposed, so that the words of a counter are neighbours, and stored in order: where a row needs fewer than four
        ;; words of its last counter, the next row overwrites the rest.
        (local.set $low (i8x16.shuffle 0 1 2 3 16 17 18 19 4 5 6 7 20 21 22 23 (local.get $x0) (local.get $x1)))
        (local.set $high (i8x16.shuffle 8 9 10 11 24 25 26 27 12 13 14 15 28 29 30 31 (local.get $x0) (local.get $x1)))
        (local.set $low1 (i8x16.shuffle 0 1 2 3 16 17 18 19 4 5 6 7 20 21 22 23 (local.get $x2) (local.get $x3)))
        (local.set $high1 (i8x16.shuffle 8 9 10 11 24 25 26 27 12 13 14 15 28 29 30 31 (local.get $x2) (local.get $x3)))
        (v128.store offset=0x4040 (i32.load offset=0x3030 (local.get $at))
          (i8x16.shuffle 0 1 2 3 4 5 6 7 16 17 18 19 20 21 22 23 (local.get $low) (local.get $low1)))
        (v128.store offset=0x4040 (i32.load offset=0x3034 (local.get $at))
          (i8x16.shuffle 8 9 10 11 12 13 14 15 24 25 26 27 28 29 30 31 (local.get $low) (local.get $low1)))
        (v128.store offset=0x4040 (i32.load offset=0x3038 (local.get $at))
          (i8x16.shuffle 0 1 2 3 4 5 6 7 16 17 18 19 20 21 22 23 (local.get $high) (local.get $high1)))
        (v128.store offset=0x4040 (i32.load offset=0x303c (local.get $at))
          (i8x16.shuffle 8 9 10 11 12 13 14 15 24 25 26 27 28 29 30 31 (local.get $high) (local.get $high1)))
        (local.set $at (i32.add (local.get $at) (i32.const 16)))
        (br $next))))

  ;; (word + 0.5) / 2^32 of each of `count` words.
  (func (export "uniforms") (param $count i32)
    (local $at i32) (local $half v128) (local $unit v128)
    (local.set $count (i32.shl (local.get $count) (i32.const 3)))
    (local.set $half (f64x2.splat (f64.const 0.5)))
    (local.set $unit (f64x2.splat (f64.const 0x1p-32)))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $at) (local.get $count)))
        (v128.store offset=0xc060 (local.get $at)
          (f64x2.mul
            (f64x2.add
              (f64x2.convert_low_i32x4_u
                (v128.load64_zero offset=0x4040 (i32.shr_u (local.get $at) (i32.const 1))))
              (local.get $half))
            (local.get $unit)))
        (local.set $at (i32.add (local.get $at) (i32.const 16)))
        (br $next))))

  ;; The standard normal quantiles of the same uniforms.
  (func (export "normals") (param $count i32)
    (local $tails i32)
    (local.set $tails (call $centre (local.get $count)))
    (call $tails (local.get $tails)))

  ;; AS 241 where |p - 0.5| <= 0.425, as for 85 % of all numbers; the others get a meaningless value. Lists those others, and
  ;; returns the length of the list in bytes.
  (func $centre (param $count i32) (result i32)
    (local $at i32) (local $tail i32) (local $outside i32) (local $number i32)
    (local $q v128) (local $r v128) (local $half v128) (local $unit v128) (local $edge v128) (local $square v128)
    (local $a0 v128) (local $a1 v128) (local $a2 v128) (local $a3 v128)
    (local $a4 v128) (local $a5 v128) (local $a6 v128) (local $a7 v128)
    (local $b0 v128) (local $b1 v128) (local $b2 v128) (local $b3 v128)
    (local $b4 v128) (local $b5 v128) (local $b6 v128) (local $b7 v128)
    (local.set $half (f64x2.splat (f64.const 0.5)))
    (local.set $unit (f64x2.splat (f64.const 0x1p-32)))
    (local.set $edge (f64x2.splat (f64.const 0.425)))
    (local.set $square (f64x2.splat (f64.const 0.180625)))
    (local.set $a0 (f64x2.splat (f64.const 3.387132872796366608)))
    (local.set $a1 (f64x2.splat (f64.const 133.14166789178437745)))
    (local.set $a2 (f64x2.splat (f64.const 1971.5909503065514427)))
    (local.set $a3 (f64x2.splat (f64.const 13731.693765509461125)))
    (local.set $a4 (f64x2.splat (f64.const 45921.953931549871457)))
    (local.set $a5 (f64x2.splat (f64.const 67265.770927008700853)))
    (local.set $a6 (f64x2.splat (f64.const 33430.575583588128105)))
    (local.set $a7 (f64x2.splat (f64.const 2509.0809287301226727)))
    (local.set $b0 (f64x2.splat (f64.const 1)))
    (local.set $b1 (f64x2.splat (f64.const 42.313330701600911252)))
    (local.set $b2 (f64x2.splat (f64.const 687.1870074920579083)))
    (local.set $b3 (f64x2.splat (f64.const 5394.1960214247511077)))
    (local.set $b4 (f64x2.splat (f64.const 21213.794301586595867)))
    (local.set $b5 (f64x2.splat (f64.const 39307.89580009271061)))
    (local.set $b6 (f64x2.splat (f64.const 28729.085735721942674)))
    (local.set $b7 (f64x2.splat (f64.const 5226.495278852854561)))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $number) (local.get $count)))
        (local.set $at (i32.shl (local.get $number) (i32.const 2)))
        (local.set $q
          (f64x2.sub
            (f64x2.mul
              (f64x2.add (f64x2.convert_low_i32x4_u (v128.load64_zero offset=0x4040 (local.get $at))) (local.get $half))
              (local.get $unit))
            (local.get $half)))
        ;; A branch would be mispredicted for every seventh number, so both are written to the list and the end is moved.
        (local.set $outside (i64x2.bitmask (f64x2.gt (f64x2.abs (local.get $q)) (local.get $edge))))
        (i32.store offset=0x8050 (local.get $tail) (local.get $number))
        (local.set $tail
          (i32.add (local.get $tail) (i32.shl (i32.and (local.get $outside) (i32.const 1)) (i32.const 2))))
        (i32.store offset=0x8050 (local.get $tail) (i32.add (local.get $number) (i32.const 1)))
        (local.set $tail
          (i32.add (local.get $tail) (i32.shl (i32.and (local.get $outside) (i32.const 2)) (i32.const 1))))
        (local.set $r (f64x2.sub (local.get $square) (f64x2.mul (local.get $q) (local.get $q))))
        (v128.store offset=0xc060 (i32.shl (local.get $at) (i32.const 1))
          (f64x2.div
            (f64x2.mul
              (local.get $q)
              (f64x2.add (f64x2.mul (f64x2.add (f64x2.mul (f64x2.add (f64x2.mul (f64x2.add (f64x2.mul
              (f64x2.add (f64x2.mul (f64x2.add (f64x2.mul (f64x2.add (f64x2.mul (local.get $a7)
                (local.get $r)) (local.get $a6))
                (local.get $r)) (local.get $a5))
                (local.get $r)) (local.get $a4))
                (local.get $r)) (local.get $a3))
                (local.get $r)) (local.get $a2))
                (local.get $r)) (local.get $a1))
                (local.get $r)) (local.get $a0)))
            (f64x2.add (f64x2.mul (f64x2.add (f64x2.mul (f64x2.add (f64x2.mul (f64x2.add (f64x2.mul
            (f64x2.add (f64x2.mul (f64x2.add (f64x2.mul (f64x2.add (f64x2.mul (local.get $b7)
              (local.get $r)) (local.get $b6))
              (local.get $r)) (local.get $b5))
              (local.get $r)) (local.get $b4))
              (local.get $r)) (local.get $b3))
              (local.get $r)) (local.get $b2))
              (local.get $r)) (local.get $b1))
              (local.get $r)) (local.get $b0))))
        (local.set $number (i32.add (local.get $number) (i32.const 2)))
        (br $next)))
    ;; The tails are taken two at a time: an odd list repeats its last entry.
    (i32.store offset=0x8050 (local.get $tail)
      (i32.load offset=0x8050
        (i32.sub (local.get $tail) (i32.shl (i32.ne (local.get $tail) (i32.const 0)) (i32.const 2)))))
    (local.get $tail))

  ;; AS 241 for the listed numbers. Its third branch, for uniforms below e^-25, has no place here: 32 bits reach down to e^-22.9.
  (func $tails (param $end i32)
    (local $at i32) (local $first i32) (local $second i32)
    (local $p v128) (local $q v128) (local $r v128) (local $half v128) (local $unit v128) (local $shift v128)
    (local $c0 v128) (local $c1 v128) (local $c2 v128) (local $c3 v128)
    (local $c4 v128) (local $c5 v128) (local $c6 v128) (local $c7 v128)
    (local $d0 v128) (local $d1 v128) (local $d2 v128) (local $d3 v128)
    (local $d4 v128) (local $d5 v128) (local $d6 v128) (local $d7 v128)
    (local.set $half (f64x2.splat (f64.const 0.5)))
    (local.set $unit (f64x2.splat (f64.const 0x1p-32)))
    (local.set $shift (f64x2.splat (f64.const 1.6)))
    (local.set $c0 (f64x2.splat (f64.const 1.42343711074968357734)))
    (local.set $c1 (f64x2.splat (f64.const 4.6303378461565452959)))
    (local.set $c2 (f64x2.splat (f64.const 5.7694972214606914055)))
    (local.set $c3 (f64x2.splat (f64.const 3.64784832476320460504)))
    (local.set $c4 (f64x2.splat (f64.const 1.27045825245236838258)))
    (local.set $c5 (f64x2.splat (f64.const 0.24178072517745061177)))
    (local.set $c6 (f64x2.splat (f64.const 0.0227238449892691845833)))
    (local.set $c7 (f64x2.splat (f64.const 7.7454501427834140764e-4)))
    (local.set $d0 (f64x2.splat (f64.const 1)))
    (local.set $d1 (f64x2.splat (f64.const 2.05319162663775882187)))
    (local.set $d2 (f64x2.splat (f64.const 1.6763848301838038494)))
    (local.set $d3 (f64x2.splat (f64.const 0.68976733498510000455)))
    (local.set $d4 (f64x2.splat (f64.const 0.14810397642748007459)))
    (local.set $d5 (f64x2.splat (f64.const 0.0151986665636164571966)))
    (local.set $d6 (f64x2.splat (f64.const 5.475938084995344946e-4)))
    (local.set $d7 (f64x2.splat (f64.const 1.05075007164441684324e-9)))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $at) (local.get $end)))
        (local.set $first (i32.shl (i32.load offset=0x8050 (local.get $at)) (i32.const 2)))
        (local.set $second (i32.shl (i32.load offset=0x8054 (local.get $at)) (i32.const 2)))
        (local.set $p
          (f64x2.mul
            (f64x2.add
              (f64x2.convert_low_i32x4_u
                (v128.load32_lane offset=0x4040 1 (local.get $second)
                  (v128.load32_zero offset=0x4040 (local.get $first))))
              (local.get $half))
            (local.get $unit)))
        (local.set $q (f64x2.sub (local.get $p) (local.get $half)))
        ;; p or 1 - p, whichever is nearer to zero.
        (local.set $p (f64x2.pmin (local.get $p) (f64x2.sub (f64x2.splat (f64.const 1)) (local.get $p))))
        (local.set $r
          (f64x2.sub
            (f64x2.sqrt
              (f64x2.neg
                (f64x2.replace_lane 1
                  (f64x2.splat (call $log (f64x2.extract_lane 0 (local.get $p))))
                  (call $log (f64x2.extract_lane 1 (local.get $p))))))
            (local.get $shift)))
        (local.set $r
          (f64x2.div
            (f64x2.add (f64x2.mul (f64x2.add (f64x2.mul (f64x2.add (f64x2.mul (f64x2.add (f64x2.mul
            (f64x2.add (f64x2.mul (f64x2.add (f64x2.mul (f64x2.add (f64x2.mul (local.get $c7)
              (local.get $r)) (local.get $c6))
              (local.get $r)) (local.get $c5))
              (local.get $r)) (local.get $c4))
              (local.get $r)) (local.get $c3))
              (local.get $r)) (local.get $c2))
              (local.get $r)) (local.get $c1))
              (local.get $r)) (local.get $c0))
            (f64x2.add (f64x2.mul (f64x2.add (f64x2.mul (f64x2.add (f64x2.mul (f64x2.add (f64x2.mul
            (f64x2.add (f64x2.mul (f64x2.add (f64x2.mul (f64x2.add (f64x2.mul (local.get $d7)
              (local.get $r)) (local.get $d6))
              (local.get $r)) (local.get $d5))
              (local.get $r)) (local.get $d4))
              (local.get $r)) (local.get $d3))
              (local.get $r)) (local.get $d2))
              (local.get $r)) (local.get $d1))
              (local.get $r)) (local.get $d0))))
        ;; The quotient is positive, so the sign of p - 0.5 can be put in.
        (local.set $r
          (v128.or (local.get $r) (v128.and (local.get $q) (f64x2.splat (f64.const -0)))))
        (v128.store64_lane offset=0xc060 0 (i32.shl (local.get $first) (i32.const 1)) (local.get $r))
        (v128.store64_lane offset=0xc060 1 (i32.shl (local.get $second) (i32.const 1)) (local.get $r))
        (local.set $at (i32.add (local.get $at) (i32.const 8)))
        (br $next))))

  ;; Rounds `count` numbers to float32.
  (func (export "singles") (param $count i32)
    (local $at i32)
    (local.set $count (i32.shl (local.get $count) (i32.const 2)))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $at) (local.get $count)))
        (v128.store64_lane offset=0x14080 0 (local.get $at)
          (f32x4.demote_f64x2_zero (v128.load offset=0xc060 (i32.shl (local.get $at) (i32.const 1)))))
        (local.set $at (i32.add (local.get $at) (i32.const 8)))
        (br $next)))))
