use docket::core::text::{
    language::{Language, detect},
    words::count,
};

#[test]
fn words_are_runs_and_ideographs() {
    for (text, expected) in [
        ("", 0),
        (" \n\t ", 0),
        ("The Global Compact", 3),
        ("2020-07-31 – e.g. A/RES/73/195, yes", 5),
        ("l'État", 1),
        ("非常感谢。", 5),
        ("《契约》第7条 text", 8),
        ("テスト", 3),
        ("대한민국", 4),
        ("مساهمة الجمهورية", 2),
        ("soft\u{AD}hyphen zero\u{200B}width", 2),
        ("\u{200F} \u{FEFF}", 0),
        ("Ｆｕｌｌ", 4),
    ] {
        assert_eq!(count(text), expected, "{text}");
    }
}

#[test]
fn the_six_languages_are_found_and_no_others() {
    let cases = [
        (
            "The Government of the United Kingdom welcomes the regional review and submits its written contribution herewith.",
            Some(Language::En),
        ),
        (
            "Le Gouvernement de la République française a l'honneur de transmettre ci-joint sa contribution écrite à l'examen régional.",
            Some(Language::Fr),
        ),
        (
            "El Gobierno de España tiene el honor de remitir adjunta su contribución por escrito al examen regional del Pacto Mundial.",
            Some(Language::Es),
        ),
        (
            "Правительство Российской Федерации направляет письменный вклад в региональный обзор, который был подготовлен министерством.",
            Some(Language::Ru),
        ),
        ("تتشرف حكومة الجمهورية بأن تحيل طيه مساهمتها الخطية في الاستعراض الإقليمي للاتفاق العالمي", Some(Language::Ar)),
        ("中华人民共和国政府谨此提交对区域审查的书面意见。", Some(Language::Zh)),
        ("Уряд України має честь передати свій письмовий внесок до регіонального огляду Глобального договору.", None),
        (
            "Правителството на Република България има честта да представи своя писмен принос към регионалния преглед.",
            None,
        ),
        ("دولت جمهوری اسلامی ایران مفتخر است مشارکت کتبی خود را در بازنگری منطقه‌ای پیمان جهانی ارائه کند.", None),
        ("日本国政府は、地域レビューに対する書面による意見をここに提出いたします。", None),
        (
            "Die Bundesregierung beehrt sich, ihren schriftlichen Beitrag zur regionalen Überprüfung zu übermitteln.",
            None,
        ),
        ("O Governo de Portugal tem a honra de transmitir a sua contribuição escrita para a revisão regional.", None),
        ("Hello", None),
        ("12345 67890 — 2020", None),
    ];
    for (text, expected) in cases {
        assert_eq!(detect(text), expected, "{text}");
    }
}

#[test]
fn a_mixed_text_has_no_language() {
    let english = "The Government of the United Kingdom welcomes the review and submits its contribution herewith. ";
    let french =
        "Le Gouvernement de la République a l'honneur de transmettre sa contribution écrite à l'examen régional. ";
    assert_eq!(detect(&(english.repeat(20) + &french.repeat(20))), None);
    assert_eq!(detect(&english.repeat(20)), Some(Language::En));
    assert_eq!(detect(&(english.repeat(2) + &"中华人民共和国政府谨此提交对区域审查的书面意见。".repeat(6))), None);
}

#[test]
fn the_formulas_of_notes_verbales_are_of_their_language() {
    for (text, expected) in [
        (
            "The Permanent Mission of Norway presents its compliments to the Secretariat and has the honour to transmit herewith the written input.",
            Language::En,
        ),
        (
            "La Mission permanente de la Suisse présente ses compliments au Secrétariat et a l'honneur de lui faire parvenir ci-joint sa contribution.",
            Language::Fr,
        ),
        (
            "La Misión Permanente de España saluda atentamente a la Secretaría y tiene el honor de remitir adjunta la contribución escrita.",
            Language::Es,
        ),
        (
            "Постоянное представительство свидетельствует свое уважение Секретариату и имеет честь препроводить письменный вклад.",
            Language::Ru,
        ),
        ("تهدي البعثة الدائمة للمملكة أطيب تحياتها إلى الأمانة وتتشرف بأن تحيل إليها المساهمة الخطية.", Language::Ar),
        ("常驻代表团向秘书处致意，并谨随函转交书面意见。", Language::Zh),
    ] {
        assert_eq!(detect(text), Some(expected), "{text}");
        // Addresses, file names and figures around it change nothing.
        let letter = format!("Ref. 123/2020\nhttps://www.unece.org/gcm\n{text}\n31.07.2020\n{text}");
        assert_eq!(detect(&letter), Some(expected), "{letter}");
    }
}

#[test]
fn english_names_of_things_make_no_english() {
    let about = "the Regional Review of the Global Compact for Safe, Orderly and Regular Migration in the UNECE region";
    for text in [
        "Madame, Monsieur, veuillez trouver ci-joint la contribution de la Suisse pour",
        "Estimados señores: tengo el honor de remitir adjunta la contribución de España para",
        "Geachte heer, hierbij ontvangt u de bijdrage van Nederland aan",
        "Sehr geehrte Damen und Herren, in der Anlage übermitteln wir den Beitrag der Bundesrepublik zu",
        "Spettabile Segretariato, si trasmette in allegato il contributo dell'Italia e di altri per",
    ] {
        assert_ne!(detect(&format!("{text} {about}.")), Some(Language::En), "{text}");
    }
}

#[test]
fn what_says_too_little_has_no_language() {
    let table = "2018\t12.4\t37\n2019\t13.1\t41\n2020\t9.8\t35\nA\tB\tC\n".repeat(40);
    for text in
        ["", "OK", "N/A", "Annex 1", "Merci", "Да", "نعم", "附件", "GCM-ECE-2020-0007", &table, "a b c d e f g h"]
    {
        assert_eq!(detect(text), None, "{text}");
    }
    let names = "Jonas Gahr Støre, Jens Stoltenberg, Thorbjørn Jagland, Kåre Willoch, Gro Harlem Brundtland";
    assert!(detect(names).is_none(), "names are of no language of the six");
}

#[test]
fn a_text_in_two_languages_side_by_side_has_none() {
    let english = "The Government submits its contribution to the regional review and welcomes the opportunity. ";
    let russian = "Правительство представляет свой вклад в региональный обзор и приветствует эту возможность. ";
    assert_eq!(detect(&(english.to_owned() + russian).repeat(10)), None);
    // A quotation of a line does not take the language away.
    assert_eq!(detect(&(russian.repeat(10) + english)), Some(Language::Ru));
}
