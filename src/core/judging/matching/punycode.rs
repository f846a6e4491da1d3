//! The letters that an international domain's label stands for (RFC 3492).
//!
//! Promises the label as its registrant wrote it, or nothing where it is not well formed; it checks no registry's rules.

const BASE: u32 = 36;
const T_MIN: u32 = 1;
const T_MAX: u32 = 26;
const SKEW: u32 = 38;
const DAMP: u32 = 700;
const INITIAL_BIAS: u32 = 72;
const INITIAL_N: u32 = 0x80;

/// The label that stands encoded behind `xn--`.
pub(super) fn decode(encoded: &str) -> Option<String> {
    let (plain, deltas) = encoded.rsplit_once('-').unwrap_or(("", encoded));
    let mut label: Vec<char> = plain.chars().collect();
    let mut digits = deltas.chars();
    let (mut n, mut i, mut bias) = (INITIAL_N, 0_u32, INITIAL_BIAS);
    while !digits.as_str().is_empty() {
        let before = i;
        let (mut weight, mut k) = (1_u32, BASE);
        loop {
            let digit = digits.next()?.to_digit(BASE).map(|d| if d >= 10 { d - 10 } else { d + 26 })?;
            i = i.checked_add(digit.checked_mul(weight)?)?;
            let t = k.saturating_sub(bias).clamp(T_MIN, T_MAX);
            if digit < t {
                break;
            }
            weight = weight.checked_mul(BASE - t)?;
            k += BASE;
        }
        let count = u32::try_from(label.len()).ok()? + 1;
        bias = adapted(i - before, count, before == 0);
        n = n.checked_add(i / count)?;
        i %= count;
        label.insert(i as usize, char::from_u32(n)?);
        i += 1;
    }
    Some(label.into_iter().collect())
}

fn adapted(delta: u32, count: u32, first: bool) -> u32 {
    let mut delta = if first { delta / DAMP } else { delta / 2 };
    delta += delta / count;
    let mut k = 0;
    while delta > (BASE - T_MIN) * T_MAX / 2 {
        delta /= BASE - T_MIN;
        k += BASE;
    }
    k + (BASE - T_MIN + 1) * delta / (delta + SKEW)
}
