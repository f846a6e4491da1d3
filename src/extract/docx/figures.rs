//! Numbers as lists write them: in figures, letters, Roman or Chinese numerals.
//!
//! Promises an answer for every number and kind: what has no numeral of its kind is written in figures.

/// The number in the kind that Word names so.
pub(super) fn written(n: u32, kind: &str) -> String {
    let numeral = match kind {
        "none" => Some(String::new()),
        "decimalZero" => Some(format!("{n:02}")),
        "upperRoman" => roman(n),
        "lowerRoman" => roman(n).map(|numeral| numeral.to_lowercase()),
        "upperLetter" => letter(n, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
        "lowerLetter" => letter(n, "abcdefghijklmnopqrstuvwxyz"),
        "russianUpper" => letter(n, "АБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЩЫЭЮЯ"),
        "russianLower" => letter(n, "абвгдежзиклмнопрстуфхцчшщыэюя"),
        "arabicAlpha" => letter(n, "أبتثجحخدذرزسشصضطظعغفقكلمنهوي"),
        "arabicAbjad" => letter(n, "أبجدهوزحطيكلمنسعفصقرشتثخذضظغ"),
        "chineseCounting"
        | "chineseCountingThousand"
        | "taiwaneseCounting"
        | "taiwaneseCountingThousand"
        | "japaneseCounting"
        | "ideographDigital" => chinese(n),
        _ => None,
    };
    numeral.unwrap_or_else(|| n.to_string())
}

fn roman(mut n: u32) -> Option<String> {
    const NUMERALS: [(u32, &str); 13] = [
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ];
    if !(1..=32_767).contains(&n) {
        return None;
    }
    let mut numeral = String::new();
    for (value, letters) in NUMERALS {
        while n >= value {
            numeral.push_str(letters);
            n -= value;
        }
    }
    Some(numeral)
}

/// Behind the last letter they are doubled, then trebled: z, aa, bb.
fn letter(n: u32, alphabet: &str) -> Option<String> {
    let n = usize::try_from(n).ok()?.checked_sub(1)?;
    let letters = alphabet.chars().count();
    let times = n / letters + 1;
    let letter = alphabet.chars().nth(n % letters)?;
    (times <= 30).then(|| letter.to_string().repeat(times))
}

/// Up to ninety-nine.
fn chinese(n: u32) -> Option<String> {
    let digit = |n: u32| "一二三四五六七八九".chars().nth(usize::try_from(n).ok()?.checked_sub(1)?);
    if !(1..=99).contains(&n) {
        return None;
    }
    let mut numeral = String::new();
    if n >= 20 {
        numeral.extend(digit(n / 10));
    }
    if n >= 10 {
        numeral.push('十');
    }
    numeral.extend(digit(n % 10));
    Some(numeral)
}
